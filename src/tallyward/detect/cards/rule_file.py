"""A rule file to rules: keys, texts, limits, conditions, tests. Everything that is not understood is refused. Pure."""

import hashlib
import re
from collections.abc import Mapping
from string import Formatter
from typing import Final, cast

from tallyward.detect.cards import tree
from tallyward.detect.cards.baseline import NAMES, ByBaseline
from tallyward.detect.cards.condition import Sight, Words, condition, value
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.logic import Missing
from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.rule import Across, Fault, Rule, Severity, Texts, Trial, columns_of
from tallyward.detect.cards.rule_text import Value, read_rules
from tallyward.detect.cards.trial import read_trial
from tallyward.detect.cards.vocabulary import (
    LIMIT_BITS,
    PROFILE_COLUMNS,
    RECORD_COLUMNS,
    Column,
    Home,
    Kind,
    limit_column,
    nearest,
)
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.ids import RuleId

BLANKS: Final = ("observed", "limit", "origin", "records", "imei", "peer", "area", "cell", "service")
UNITS: Final = ("", "bytes", "km")
MOST_RULES: Final = 200
MOST_FAULTS: Final = 16
MOST_TIMES: Final = 1_000_000
"""A baseline is multiplied by no more."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_RULE_ID: Final = re.compile(r"[A-Z][A-Za-z0-9_]{0,15}")
_BASE: Final = {**RECORD_COLUMNS, **PROFILE_COLUMNS}


def load_rules(data: bytes, file: str) -> tuple[Rule, ...]:
    """The rules of one file: one rule, or a list of them."""
    content = read_rules(data, file)
    rules = content.items("rules") if isinstance(content.of, tuple) else (content,)
    if len(rules) > MOST_RULES:
        raise refused(content.place, "detect.rule_many", most=MOST_RULES)
    text = data.decode()
    return tuple(_rule(one, text) for one in rules)


def _rule(given: Value, text: str) -> Rule:
    table = given.table(
        "rule", ("id", "severity", "title", "description", "any_of", "tests"), ("limits", "missing", "reference")
    )
    name = table["id"].text("id")
    if not _RULE_ID.fullmatch(name) or name.startswith("R0"):
        raise refused(table["id"].place, "detect.rule_id", text=name[:40])
    limits = _limits(table.get("limits"))
    missing = _missing(table.get("missing"), "ignore")
    faults = tuple(_fault(one, limits, missing) for one in table["any_of"].items("any_of"))
    if not 0 < len(faults) <= MOST_FAULTS:
        raise refused(table["any_of"].place, "detect.rule_faults", most=MOST_FAULTS)
    severity = table["severity"].one_of("severity", ("low", "medium", "high"))
    trials = tuple(read_trial(one) for one in table["tests"].items("tests"))
    _check_tested(trials, table["tests"].place, name)
    return Rule(
        id=RuleId(name),
        version=_version(faults, severity),
        severity=cast("Severity", severity),
        title=_texts(table["title"], "title", ()),
        description=_texts(table["description"], "description", ()),
        reference=table["reference"].text("reference") if "reference" in table else "",
        limits={limit: column.default or 0 for limit, column in limits.items()},
        faults=faults,
        trials=trials,
        file=given.place.file,
        baselines={name: column.baseline for name, column in limits.items() if column.baseline},
        text=text,
    )


def _limits(given: Value | None) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for name, one in (given.mapping("limits") if given else {}).items():
        if not _NAME.fullmatch(name) or name in _BASE:
            raise refused(one.place, "detect.rule_limit_name", key=name[:40])
        number, baseline = _limit_number(one, name)
        if name in LIMIT_BITS and not isinstance(number, int):
            raise refused(one.place, "detect.rule_value", key=name, wanted="number")
        found[name] = limit_column(name, number, baseline)
    return found


def _limit_number(given: Value, name: str) -> tuple[int | float, ByBaseline | None]:
    """(the rule's own number, the baseline that goes before it)."""
    if not isinstance(given.of, dict):
        return given.number(name), None
    table = given.table(name, ("baseline", "else"), ("times", "at_least"))
    times = table["times"].number("times") if "times" in table else 1
    if not 0 < times <= MOST_TIMES:
        raise refused(table["times"].place, "detect.rule_value", key="times", wanted=f"> 0, <= {MOST_TIMES}")
    least = table["at_least"].whole("at_least") if "at_least" in table else 0
    return table["else"].number("else"), ByBaseline(table["baseline"].one_of("baseline", NAMES), times, least)


def _missing(given: Value | None, default: Missing) -> Missing:
    if given is None:
        return default
    return "fire" if given.one_of("missing", ("ignore", "fire")) == "fire" else "ignore"


def _fault(given: Value, limits: Mapping[str, Column], missing: Missing) -> Fault:
    table = given.table(
        "any_of",
        ("name", "observed", "why", "normal"),
        ("record", "card", "across", "limit", "origin", "unit", "missing"),
    )
    name = table["name"].text("name")
    if not _NAME.fullmatch(name):
        raise refused(table["name"].place, "detect.rule_fault_name", text=name[:40])
    columns = {**_BASE, **limits}
    missing = _missing(table.get("missing"), missing)
    record = _condition(table.get("record"), Words(columns, Sight.RECORD))
    card = _condition(table.get("card"), Words(columns, Sight.CARD))
    across = _across(table["across"], limits) if "across" in table else None
    if record == tree.TRUE and card == tree.TRUE and across is None:
        raise refused(given.place, "detect.rule_no_fault", name=name)
    _check_form(given.place, record, card, across)
    limit = _limit(table.get("limit"), columns, across)
    return Fault(
        name=name,
        record=record,
        card=card,
        missing=missing,
        across=across,
        observed=_observed(table["observed"], columns),
        limit=limit,
        origin=_origin(table.get("origin"), limit),
        unit=table["unit"].one_of("unit", UNITS) if "unit" in table else "",
        why=_texts(table["why"], "why", BLANKS),
        normal=_texts(table["normal"], "normal", BLANKS),
        texts=_as_written(table),
    )


def _as_written(table: Mapping[str, Value]) -> dict[str, str]:
    found = {key: " ".join(table[key].text(key).split()) for key in ("record", "card") if key in table}
    if "across" in table:
        across = table["across"].mapping("across")
        found["across"] = f"count_distinct(card_id) BY {across['by'].of} >= {across['at_least'].of}"
    return found


def _condition(given: Value | None, words: Words) -> tree.Predicate:
    return tree.TRUE if given is None else condition(given.text("condition"), words, given.place)


def _across(given: Value, limits: Mapping[str, Column]) -> Across:
    table = given.table("across", ("by", "count_distinct", "at_least"))
    table["count_distinct"].one_of("count_distinct", ("card_id",))
    key = table["by"].one_of("by", ("imei",))
    name = table["at_least"].text("at_least")
    if name not in limits or name in LIMIT_BITS or not isinstance(limits[name].default, int):
        raise refused(table["at_least"].place, "detect.rule_name", name=name[:40], hint=nearest(name, limits))
    if limits[name].baseline:  # the cards that share a key may be of many classes
        raise refused(table["at_least"].place, "detect.rule_across_baseline", name=name)
    return Across(RECORD_COLUMNS[key], limits[name])


def _check_form(place: Place, record: tree.Predicate, card: tree.Predicate, across: Across | None) -> None:
    if across and tree.aggregates(card):
        raise refused(place, "detect.rule_across_aggregate")
    if record != tree.TRUE and any(part.function == "month_sum" for part in tree.aggregates(card)):
        raise refused(place, "detect.rule_month_of_some")


def _observed(given: Value, columns: Mapping[str, Column]) -> tree.Scalar:
    found = value(given.text("observed"), Words(columns, Sight.SHOWN), given.place)
    if isinstance(found, Column) and found.home is Home.RECORD:
        return found
    if isinstance(found, Column | tree.Number) or any(
        isinstance(part, Column) and part.home is Home.RECORD for part in _outside_aggregates(found)
    ):
        raise refused(given.place, "detect.rule_observed", text=given.text("observed")[:60])
    return found


def _outside_aggregates(node: tree.Node) -> list[tree.Node]:
    if isinstance(node, tree.Aggregate):
        return []
    return [node, *(inner for child in tree.children(node) for inner in _outside_aggregates(child))]


def _limit(given: Value | None, columns: Mapping[str, Column], across: Across | None) -> Column | None:
    if given is None:
        return across.at_least if across else None
    name = given.text("limit")
    known = {key: column for key, column in columns.items() if column.home is not Home.RECORD}
    if name not in known:
        raise refused(given.place, "detect.rule_name", name=name[:40], hint=nearest(name, known))
    return known[name]


def _origin(given: Value | None, limit: Column | None) -> LimitOrigin:
    if given is not None:
        return LimitOrigin(given.one_of("origin", tuple(origin.value for origin in LimitOrigin)))
    return limit.origin if limit is not None and limit.origin is not None else LimitOrigin.RULE


def _texts(given: Value, key: str, blanks: tuple[str, ...]) -> Texts:
    table = given.table(key, LANGUAGES)
    found: Texts = {}
    for language in LANGUAGES:
        text = " ".join(table[language].text(key).split())
        try:
            named = [(name, spec, cast_) for _, name, spec, cast_ in Formatter().parse(text) if name is not None]
        except ValueError:
            raise refused(table[language].place, "detect.rule_blank", name="{", hint=", ".join(blanks)) from None
        for name, spec, cast_ in named:
            if name not in blanks or spec or cast_:
                raise refused(table[language].place, "detect.rule_blank", name=name[:40], hint=nearest(name, blanks))
        found[language] = text
    return found


def _check_tested(trials: tuple[Trial, ...], place: Place, name: str) -> None:
    if {trial.hit for trial in trials} != {True, False}:
        raise refused(place, "detect.rule_untested", name=name)


def _version(faults: tuple[Fault, ...], severity: str) -> str:
    """Names what the rule finds: checked trees and limits, not spaces, texts or titles."""
    found = [(f.name, f.record, f.card, f.missing, f.across, f.observed, f.limit, f.origin, f.unit) for f in faults]
    text = repr((found, severity))
    used = {column.name: column.baseline for f in faults for column in columns_of(f) if column.baseline}
    if used:
        text += repr(sorted(used.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def kind_of_observed(fault: Fault) -> Kind:
    """How to write what was observed."""
    return tree.kind_of(fault.observed)
