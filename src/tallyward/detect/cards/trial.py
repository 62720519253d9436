"""The tests that a rule carries: one card's profile and records, and the verdict that is expected. Pure.

A test says only what matters to it; everything else is the day of a card without fault: open functions, known home,
real name active, one terminal that it is bound to.
"""

from typing import Final

from tallyward.detect.cards import evaluate
from tallyward.detect.cards.evaluate import World
from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.rule import Rule, Trial
from tallyward.detect.cards.rule_text import Value
from tallyward.detect.cards.vocabulary import LIMIT_BITS, PROFILE_COLUMNS, RECORD_COLUMNS, WORDS, Column, nearest

MOST_RECORDS: Final = 200
MOST_TIMES: Final = 1_000

_IMEI: Final = 356_938_035_643_809
_PLAIN_PROFILE: Final = {
    "svc_mask": 7,
    "data_mode": 2,
    "sms_mode": 2,
    "voice_mode": 2,
    "data_list": 0,
    "sms_list": 0,
    "voice_list": 0,
    "roam_ok": 0,
    "home_area": 1,
    "fixed": 0,
    "home_cell": 1,
    "imei_bound": _IMEI,
    "rn_active": 1,
}
_PLAIN_RECORD: Final = {
    "ts": 0,
    "dur": 60,
    "svc": 0,
    "imei": _IMEI,
    "peer": 1,
    "up": 0,
    "dn": 0,
    "cell": 1,
    "area": 1,
    "plmn": 460_000,
    "rat": 6,
}


def read_trial(given: Value) -> Trial:
    """A test as written in a rule file."""
    table = given.table(
        "tests", ("name", "records", "hit"), ("profile", "on_list", "fraud_prone", "places", "earlier", "other_cards")
    )
    records: list[dict[str, int]] = []
    for one in table["records"].items("records"):
        records += _records(one)
        if len(records) > MOST_TIMES:
            raise refused(one.place, "detect.rule_value", key="times", wanted=f"<= {MOST_TIMES}")
    return Trial(
        name=table["name"].text("name"),
        profile=_row(table.get("profile"), {**PROFILE_COLUMNS}, limits=True),
        records=tuple(records),
        on_list=_numbers(table.get("on_list"), "on_list"),
        prone=_numbers(table.get("fraud_prone"), "fraud_prone"),
        places=_places(table.get("places")),
        earlier=tuple(row for one in _items(table.get("earlier"), "earlier") for row in _records(one)),
        other_cards=table["other_cards"].whole("other_cards") if "other_cards" in table else 0,
        hit=table["hit"].truth("hit"),
        line=given.place.line,
    )


def _items(given: Value | None, key: str) -> tuple[Value, ...]:
    return given.items(key) if given else ()


def _records(given: Value) -> list[dict[str, int]]:
    """One record, as often as its `times` says."""
    table = dict(given.mapping("records"))
    times = table.pop("times", None)
    count = times.whole("times") if times else 1
    if count > MOST_TIMES:
        raise refused(given.place, "detect.rule_value", key="times", wanted=f"<= {MOST_TIMES}")
    row = {**_PLAIN_RECORD, **_row(Value(table, given.place), {**RECORD_COLUMNS}, limits=False)}
    return [row] * count


def _row(given: Value | None, columns: dict[str, Column], *, limits: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, one in (given.mapping("profile" if limits else "records") if given else {}).items():
        if name not in columns and not (limits and name in LIMIT_BITS):
            raise refused(one.place, "detect.rule_name", name=name[:40], hint=nearest(name, [*columns, *LIMIT_BITS]))
        known = WORDS.get(columns[name].kind) if name in columns else None
        if known and isinstance(one.of, str):
            found[name] = known[one.one_of(name, tuple(known))]
        else:
            found[name] = one.whole(name)
    return found


def _numbers(given: Value | None, key: str) -> tuple[int, ...]:
    return tuple(one.whole(key) for one in _items(given, key))


def _places(given: Value | None) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for cell, one in (given.mapping("places") if given else {}).items():
        pair = [part.of for part in one.items("places")]
        numbers = [float(part) for part in pair if isinstance(part, int | float) and not isinstance(part, bool)]
        if not (cell.isascii() and cell.isdigit()) or not len(pair) == len(numbers) == 2:  # noqa: PLR2004 - both degrees
            raise refused(one.place, "detect.rule_value", key="places", wanted="cell: [latitude, longitude]")
        found[int(cell)] = (numbers[0], numbers[1])
    return found


def verdict(rule: Rule, trial: Trial) -> bool:
    """Whether the rule finds the test's card."""
    world = World(
        on_list=lambda _list, peer: peer in trial.on_list,
        prone=frozenset(trial.prone),
        places=trial.places,
        earlier=trial.earlier,
    )
    profile = {**_PLAIN_PROFILE, **trial.profile}
    for fault in rule.faults:
        if evaluate.holds(fault, profile, trial.records, world):
            return True
        seen = evaluate.keys(fault, profile, trial.records, world)
        if seen and fault.across and trial.other_cards + 1 >= (fault.across.at_least.default or 0):
            return True
    return False


def check_trials(rule: Rule) -> None:
    """Run the tests of a rule; refuses with `detect.rule_test_failed` at the first that comes out otherwise."""
    for trial in rule.trials:
        if verdict(rule, trial) != trial.hit:
            place = Place(rule.file, trial.line, 1)
            raise refused(
                place, "detect.rule_test_failed", rule=rule.id, name=trial.name, expected=str(trial.hit).lower()
            )
