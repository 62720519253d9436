"""All rules as one traversal: what stage one asks, what stage two judges and counts. Pure.

The SQL of stage two speaks of relations that the adapter provides for some cards of one bucket: `profile`, `earlier`,
`list_entry`, `list_prefix`, `cells`, `seen` (records of candidates), `wanted` (card_id: some of them) and `judged`
(records of those, with a column a condition).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tallyward.detect.cards import emit_sql, exact_count, logic, stage_one, tree
from tallyward.detect.cards.emit_sql import all_of, any_of
from tallyward.detect.cards.evidence import Order, order_of
from tallyward.detect.cards.exact_count import CardNames, RecordNames, Tally
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.sound_bounds import month_key
from tallyward.detect.cards.stage_one import KeyQuestion, Lack, Question, settled
from tallyward.detect.cards.vocabulary import LIMIT_BITS, RECORD_COLUMNS, Column, Home
from tallyward.registry.profile_schema import LIMIT_FIELDS, PROFILE

EVIDENCE_COLUMNS: Final = ("ts", "svc", "imei", "peer", "up", "dn", "dur", "cell", "area", "src")


@dataclass(frozen=True, slots=True)
class Blindness:
    """Cards that a rule can't judge, as an operand is lacking all day."""

    rule: int
    lack: Lack


@dataclass(frozen=True, slots=True)
class KeyCount:
    """A fault that counts cards by a second key. `holds`: the fault's column in `judged`."""

    fault: int
    at_least: int
    question: KeyQuestion
    holds: str


@dataclass(frozen=True, slots=True)
class JudgedFault:
    """A fault and the rule it belongs to. Its columns in the answer of stage two are <name>_<place in the plan>.

    `holds`: the column of `judged` that tells its records, or empty for all. `counted`: only the answer of `count`
    tells which cards have it, and what was observed; else every card with such a record has it. `shown`: in which order
    its records are shown; `by`: the column of `judged` that the order looks at, or empty.
    """

    rule: int
    fault: Fault
    holds: str
    counted: bool
    shown: Order
    by: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the adapter runs for each bucket.

    `questions` are stage one. `judge`, `count` and `limits` are stage two, for the cards that it names.
    `record_columns` and `profile_columns` are all that is read of a record and a profile. `months`: SQL of what a month
    sums up -> the column of `earlier` that has the earlier days.
    """

    rules: tuple[Rule, ...]
    faults: tuple[JudgedFault, ...]
    keys: tuple[KeyCount, ...]
    blind: tuple[Blindness, ...]
    months: dict[str, str]
    record_columns: tuple[str, ...]
    profile_columns: tuple[str, ...]
    strange_cells: int
    questions: tuple[Question, ...]
    judge: str
    count: str
    limits: str

    @property
    def key_columns(self) -> tuple[str, ...]:
        """What is read of a record to find the pairs of second keys and cards."""
        return tuple(sorted({"card_id"}.union(*(one.question.columns for one in self.keys))))

    @property
    def key_profile_columns(self) -> tuple[str, ...]:
        """What is read of a profile for that."""
        named = {column.name for one in self.keys for column in tree.columns(one.question.condition.whole)}
        return tuple(name for name in PROFILE.names if name in named | {"card_id"})


def make_plan(rules: tuple[Rule, ...], prone_areas: Iterable[int], strange_cells: int) -> Plan:
    """The traversal of these rules. Cells from `strange_cells` on are none of the registry's."""
    return _Planner(rules, tuple(sorted(prone_areas)), strange_cells).plan()


class _Planner:
    def __init__(self, rules: tuple[Rule, ...], prone: tuple[int, ...], strange_cells: int) -> None:
        self._rules = rules
        self._prone = prone
        self._strange_cells = strange_cells
        self._record = RecordNames(prone)
        self._judged: dict[str, str] = {}  # SQL over a record and its profile -> its column in `judged`
        self._given = [(number, fault) for number, rule in enumerate(rules) for fault in rule.faults]
        self._months = _months(fault for _, fault in self._given)

    def plan(self) -> Plan:
        questions = tuple(stage_one.question(fault) for _, fault in self._given if fault.across is None)
        faults = tuple(self._fault(rule, fault) for rule, fault in self._given)
        keys = tuple(self._key(place, fault) for place, (_, fault) in enumerate(self._given) if fault.across)
        blind = self._blindness()
        judge, count, limits = self._judge(), self._count(faults), self._limits()
        nodes = [part for one in questions for part in (one.record.whole, one.card)]
        nodes += [one.question.condition.whole for one in keys] + [one.lack.about for one in blind]
        named = {column.name for node in nodes for column in tree.columns(node)}
        named |= {one.lack.operand.name for one in blind}
        named |= set(re.findall(r"\w+", f"{judge} {count} {limits}"))
        return Plan(
            rules=self._rules,
            faults=faults,
            keys=keys,
            blind=blind,
            months=self._months,
            record_columns=tuple(sorted({*RECORD_COLUMNS} & named | {"card_id", "cell", *EVIDENCE_COLUMNS})),
            profile_columns=tuple(name for name in PROFILE.names if name in named | {"card_id"}),
            strange_cells=self._strange_cells,
            questions=questions,
            judge=judge,
            count=count,
            limits=limits,
        )

    def _beside_profile(self) -> str:
        month = " LEFT JOIN earlier m USING (card_id)" if self._months else ""
        return f"JOIN profile p USING (card_id){month}"

    # stage one

    def _key(self, place: int, fault: Fault) -> KeyCount:
        key, at_least = _across(fault)
        question = stage_one.key_question(fault, key)
        return KeyCount(
            place, at_least, question, self._column(emit_sql.predicate(question.condition.whole, self._record))
        )

    def _blindness(self) -> tuple[Blindness, ...]:
        found: dict[tuple[int, Column], list[tree.Predicate]] = {}
        for rule, fault in self._given:
            if fault.across is None:
                for operand, about in _lacks(fault):
                    found.setdefault((rule, operand), []).append(about)
        return tuple(
            Blindness(rule, Lack(operand, tree.either(*dict.fromkeys(about))))
            for (rule, operand), about in found.items()
        )

    # stage two

    def _column(self, sql: str) -> str:
        return "" if sql == "TRUE" else self._judged.setdefault(sql, f"c{len(self._judged)}")

    def _fault(self, rule: int, fault: Fault) -> JudgedFault:
        order, value = order_of(fault)
        by = ""
        if value is not None:
            sql = emit_sql.scalar(value, self._record)
            by = self._column(f"({sql})::DOUBLE") if order is Order.LARGEST else sql.removeprefix("r.")
        record, card = settled(fault)
        counted = not fault.across and bool(tree.aggregates(card) or _counts(fault.observed))
        condition = record if counted else tree.both(record, card)
        holds = self._column(emit_sql.predicate(condition, self._record))
        return JudgedFault(rule, fault, holds, counted, order, by)

    def _judge(self) -> str:
        columns = "".join(f", {sql} AS {name}" for sql, name in self._judged.items())
        return (
            f"SELECT r.*, {exact_count.PLACES}{columns}\nFROM seen r SEMI JOIN wanted USING (card_id)"
            " JOIN profile p ON p.card_id = r.card_id LEFT JOIN cells ON cells.cell = r.cell\n"
            f"{exact_count.list_joins(self._record.lists)}"
        )

    def _count(self, faults: tuple[JudgedFault, ...]) -> str:
        tally = Tally()
        answers = [self._answer(place, one, tally) for place, one in enumerate(faults) if one.counted]
        columns = "".join(f",\n{column}" for answer in answers for column in answer)
        return (
            f"WITH v AS (SELECT card_id{tally.columns()} FROM judged GROUP BY card_id)\n"
            f"SELECT v.card_id{columns}\nFROM v {self._beside_profile()}{tally.joins()}"
            f"\nWHERE {any_of(answer[0].split(' AS ')[0] for answer in answers)}"
        )

    def _answer(self, place: int, one: JudgedFault, tally: Tally) -> list[str]:
        names = CardNames(tally, one.holds or "TRUE", self._prone, self._months)
        count = names.aggregate(tree.Aggregate("count", None))
        holds = all_of([f"({count} > 0)", emit_sql.predicate(settled(one.fault)[1], names)])
        observed = emit_sql.scalar(one.fault.observed, names) if _counts(one.fault.observed) else "NULL"
        return [f"coalesce({holds}, FALSE) AS hit_{place}", f"{observed} AS observed_{place}"]

    def _limits(self) -> str:
        """For the cards of `wanted`: each fault's limit and who set it."""
        names = CardNames(Tally(), "TRUE", self._prone, {})
        pairs = [_limit(fault, names) for _, fault in self._given]
        columns = "".join(
            f", {limit} AS limit_{at}, {origin} AS origin_{at}" for at, (limit, origin) in enumerate(pairs)
        )
        return f"SELECT card_id{columns} FROM wanted JOIN profile p USING (card_id) ORDER BY card_id"


def _counts(observed: tree.Scalar) -> bool:
    """Whether what is observed takes more than counting records."""
    return any(part.function != "count" for part in tree.aggregates(observed)) or (
        not isinstance(observed, Column | tree.Aggregate)
    )


def _across(fault: Fault) -> tuple[Column, int]:
    if fault.across is None:
        raise TypeError(fault)
    return fault.across.key, int(fault.across.at_least.default or 0)


def _months(faults: Iterable[Fault]) -> dict[str, str]:
    """What is summed up over a month, each once -> a column name."""
    nodes = [node for fault in faults for node in (fault.card, fault.observed)]
    keys = [month_key(part) for node in nodes for part in tree.aggregates(node) if part.function == "month_sum"]
    return {key: f"e{number}" for number, key in enumerate(dict.fromkeys(keys))}


def _lacks(fault: Fault) -> Iterable[tuple[Column, tree.Predicate]]:
    """Operands that a card may lack all day, each with what the profile of the cards that it matters for is like."""
    for atoms in logic.disjuncts(tree.both(logic.pushed(fault.record), logic.pushed(fault.card))) or ():
        profile = [atom for atom in atoms if tree.homes(atom) == {Home.PROFILE} and not tree.aggregates(atom)]
        about = tree.both(*(atom for atom in profile if not logic.operands(atom)))
        for atom in atoms:
            for operand in (*logic.operands(atom), *_inside(atom)):
                yield operand, about


def _inside(atom: tree.Atom) -> Iterable[Column]:
    return (column for part in tree.aggregates(atom) for column in tree.columns(part) if column.absent)


def _limit(fault: Fault, names: CardNames) -> tuple[str, str]:
    """(value, origin) as SQL; the origin tells card from class where the limit is theirs."""
    column = fault.limit
    if column is None:
        return "NULL", f"'{fault.origin}'"
    value = emit_sql.scalar(column, names)
    if column.name not in LIMIT_BITS:
        return value, f"'{fault.origin}'"
    bit = LIMIT_FIELDS.index(column.name)
    return value, (
        f"CASE WHEN p.{column.name} IS NULL THEN '{LimitOrigin.RULE}'"
        f" WHEN (p.own_limits >> {bit}) & 1 = 1 THEN '{LimitOrigin.CARD}' ELSE '{LimitOrigin.CLASS}' END"
    )
