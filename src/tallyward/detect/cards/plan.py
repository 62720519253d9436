"""All rules as one traversal: what stage one keeps and picks, what stage two judges and counts. Pure SQL text.

The texts speak of relations that the adapter provides for one bucket: `records` (usage rows with `segment` and `row`),
`profile`, `peer_list` (listed_peer, on_one_list), `list_entry`, `list_prefix`, `cells`, `earlier`, `candidates` (card_id),
`seen` (the candidates' records) and `judged` (those with a column a condition).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tallyward.detect.cards import emit_sql, exact_count, logic, tree
from tallyward.detect.cards.emit_sql import all_of, any_of
from tallyward.detect.cards.exact_count import CardNames, RecordNames, Tally
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.sound_bounds import LISTED, Lifter, Sketch
from tallyward.detect.cards.vocabulary import LIMIT_BITS, RECORD_COLUMNS, Column, Home
from tallyward.registry.profile_schema import LIMIT_FIELDS

MOST_EVIDENCE: Final = 5

EVIDENCE_COLUMNS: Final = ("ts", "svc", "imei", "peer", "up", "dn", "dur", "cell", "area", "src")


@dataclass(frozen=True, slots=True)
class Blindness:
    """Cards that a rule can't judge: `operand` is what every record of the card, or its profile, lacks all day."""

    rule: int
    operand: Column


@dataclass(frozen=True, slots=True)
class KeyCount:
    """A fault that counts cards by a second key: its place in the plan, and the columns of stage one about it."""

    fault: int
    key: str
    at_least: int
    column: str  # value of the key where a card has one only and it counts, else 0
    pairs: str  # SQL over `judged`: (key, card_id)


@dataclass(frozen=True, slots=True)
class JudgedFault:
    """A fault's columns in the answer of stage two: <name>_<number>."""

    rule: int
    fault: Fault
    record: str  # its record condition in `judged`, or TRUE


@dataclass(frozen=True, slots=True)
class Plan:
    """What the adapter runs for each bucket. `record_columns` is all that stage one reads of a record."""

    rules: tuple[Rule, ...]
    record_columns: tuple[str, ...]
    uses_lists: bool
    months: dict[str, str]
    sketch: str
    pick: str
    judge: str
    count: str
    faults: tuple[JudgedFault, ...]
    keys: tuple[KeyCount, ...]
    blind: tuple[Blindness, ...]
    key_count: str
    strange_cells: int


def make_plan(rules: tuple[Rule, ...], prone_areas: Iterable[int], strange_cells: int) -> Plan:
    """The traversal of these rules. Cells from `strange_cells` on are none of the registry's."""
    return _Planner(rules, tuple(sorted(prone_areas)), strange_cells).plan()


class _Planner:
    def __init__(self, rules: tuple[Rule, ...], prone: tuple[int, ...], strange_cells: int) -> None:
        self._rules = rules
        self._prone = prone
        self._strange_cells = strange_cells
        self._sketch = Sketch()
        self._lifter = Lifter(self._sketch, prone)
        self._tally = Tally()
        self._record = RecordNames(prone)
        self._conditions: dict[str, str] = {}  # record condition -> its column in `judged`
        self._keys: list[KeyCount] = []
        self._blind: dict[Blindness, list[str]] = {}

    def plan(self) -> Plan:
        faults = [(number, fault) for number, rule in enumerate(self._rules) for fault in rule.faults]
        candidates = [self._candidate(place, fault) for place, (_, fault) in enumerate(faults)]
        for rule, fault in faults:
            self._look_for_blindness(rule, fault)
        strange = f"({self._sketch.keep('max', 'cell')} >= {self._strange_cells})"
        columns = ["card_id", "n", "p.card_id IS NOT NULL AS known", f"{strange} AS strange"]
        columns.append(f"coalesce({any_of(candidates)}, FALSE) AS candidate")
        columns += [key.column for key in self._keys]
        columns += [f"coalesce({any_of(where)}, FALSE) AS blind_{at}" for at, where in enumerate(self._blind.values())]
        judged = tuple(JudgedFault(rule, fault, self._condition(fault)) for rule, fault in faults)
        answers = [self._answer(place, one) for place, one in enumerate(judged)]
        return Plan(
            rules=self._rules,
            record_columns=self._columns_read(),
            uses_lists=any(LISTED in sql for sql in self._sketch.names),
            months=self._sketch.months,
            sketch=self._sketch_sql(),
            pick=f"SELECT {', '.join(columns)}\nFROM sketch {self._beside_profile('LEFT JOIN')}".replace(
                "SELECT card_id", "SELECT sketch.card_id", 1
            ),
            judge=self._judge_sql(),
            count=self._count_sql(answers),
            faults=judged,
            keys=tuple(self._keys),
            blind=tuple(self._blind),
            key_count=self._key_count_sql(),
            strange_cells=self._strange_cells,
        )

    # stage one

    def _candidate(self, place: int, fault: Fault) -> str:
        record = logic.settled(fault.record, fault.missing)
        if fault.across is None:
            return self._lifter.candidate(record, logic.settled(fault.card, fault.missing))
        return self._key(place, fault, record)

    def _key(self, place: int, fault: Fault, record: tree.Predicate) -> str:
        """A card with one value of the key all day needs no look at its records, where only the key is looked at."""
        key, at_least = _across(fault)
        present = f"({key.name} <> 0)"
        least, most = self._sketch.keep("min", key.name, present), self._sketch.keep("max", key.name)
        counted = tree.both(record, tree.Present(key))
        may = all_of(
            [
                self._lifter.candidate(counted, tree.TRUE),
                emit_sql.predicate(logic.settled(fault.card, fault.missing), self._lifter.card),
            ]
        )
        alone = "FALSE"
        if {column.name for column in tree.columns(record) if column.home is Home.RECORD} <= {key.name}:
            alone = f"({least} = {most})"
        column = f"CASE WHEN {all_of([alone, may])} THEN {most} ELSE 0 END AS key_{place}"
        where = self._condition(fault)
        pairs = f"SELECT DISTINCT {key.name} AS key, card_id FROM judged WHERE {all_of([where, f'{key.name} <> 0'])}"
        self._keys.append(KeyCount(place, key.name, at_least, column, pairs))
        return all_of([f"coalesce(NOT {alone}, FALSE)", may])

    def _look_for_blindness(self, rule: int, fault: Fault) -> None:
        if fault.across is not None:
            return
        card = logic.pushed(fault.card)
        record = logic.pushed(fault.record)
        for atoms in logic.disjuncts(tree.both(record, card)) or ():
            profile = [atom for atom in atoms if tree.homes(atom) == {Home.PROFILE} and not tree.aggregates(atom)]
            known = [atom for atom in profile if not logic.operands(atom)]
            where = [emit_sql.predicate(atom, self._lifter.card) for atom in known]
            for operand in _operands(atoms):
                here = f"p.{operand.name}"
                if operand.home is Home.RECORD:
                    here = self._sketch.keep("max", operand.name)
                sql = all_of([*where, "p.card_id IS NOT NULL", f"({here} = 0)"])
                self._blind.setdefault(Blindness(rule, operand), []).append(sql)

    def _sketch_sql(self) -> str:
        kept = ", ".join(f"{sql} AS {name}" for sql, name in self._sketch.names.items())
        listed = any(LISTED in sql for sql in self._sketch.names)
        source = "records"
        if listed:
            source = (
                f"(SELECT records.*, coalesce({LISTED}, 0) AS {LISTED}"
                " FROM records LEFT JOIN peer_list ON listed_peer = peer)"
            )
        return f"SELECT card_id, count(*) AS n, {kept}\nFROM {source} GROUP BY card_id"

    def _columns_read(self) -> tuple[str, ...]:
        text = " ".join(self._sketch.names)
        words = {word for name in RECORD_COLUMNS for word in (name, "gx", "gy") if _has_word(text, word)}
        if LISTED in text:
            words.add("peer")
        return ("card_id", *sorted(words))

    def _beside_profile(self, join: str) -> str:
        month = " LEFT JOIN earlier m USING (card_id)" if self._sketch.months else ""
        return f"{join} profile p USING (card_id){month}"

    # stage two

    def _condition(self, fault: Fault) -> str:
        sql = emit_sql.predicate(logic.settled(fault.record, fault.missing), self._record)
        return sql if sql == "TRUE" else self._conditions.setdefault(sql, f"c{len(self._conditions)}")

    def _judge_sql(self) -> str:
        conditions = "".join(f", {sql} AS {name}" for sql, name in self._conditions.items())
        return (
            f"SELECT r.*, lat, lon, (CASE WHEN lon < 0 THEN lon + 360 ELSE lon END) AS lon_east{conditions}\n"
            f"FROM seen r JOIN profile p ON p.card_id = r.card_id LEFT JOIN cells ON cells.cell = r.cell\n"
            f"{exact_count.list_joins(self._record.lists)}"
        )

    def _answer(self, place: int, one: JudgedFault) -> list[str]:
        """The columns of one fault."""
        fault = one.fault
        names = CardNames(self._tally, one.record, self._prone, self._sketch.months)
        count = names.aggregate(tree.Aggregate("count", None))
        holds = emit_sql.predicate(logic.settled(fault.card, fault.missing), names)
        hit = "FALSE" if fault.across else all_of([f"({count} > 0)", holds])
        observed = "NULL"
        if not isinstance(fault.observed, Column):
            observed = emit_sql.scalar(fault.observed, names)
        limit, origin = _limit(fault, names)
        return [
            f"coalesce({hit}, FALSE) AS hit_{place}",
            f"{count} AS n_{place}",
            f"v.{self._tally.keep(f'min(ts){_filter(one.record)}')} AS first_{place}",
            f"v.{self._tally.keep(f'max(ts){_filter(one.record)}')} AS last_{place}",
            f"{observed} AS observed_{place}",
            f"{limit} AS limit_{place}",
            f"{origin} AS origin_{place}",
            f"v.{self._tally.keep(self._evidence(one))} AS shown_{place}",
        ]

    def _evidence(self, one: JudgedFault) -> str:
        """The first records, or those that show it best: the largest for a sum, one of each for a distinct count."""
        order = f"row({_priority(one.fault.observed)}, ts, place)"
        return f"arg_min(place, {order}, {MOST_EVIDENCE}){_filter(one.record)}"

    def _count_sql(self, answers: list[list[str]]) -> str:
        columns = ",\n".join(column for answer in answers for column in answer)
        hits = any_of(answer[0].split(" AS ")[0] for answer in answers)
        return (
            f"WITH v AS ({self._tally_sql()})\n"
            f"SELECT v.card_id, {columns}\nFROM v {self._beside_profile('JOIN')}\nWHERE {hits}"
        )

    def _tally_sql(self) -> str:
        kept = ", ".join(f"{sql} AS {name}" for sql, name in self._tally.names.items())
        firsts = "".join(
            f", row_number() OVER (PARTITION BY card_id, {name} ORDER BY ts, place) = 1 AS first_{name}"
            for name in self._firsts()
        )
        return f"SELECT card_id, {kept} FROM (SELECT *{firsts} FROM judged) GROUP BY card_id"

    def _firsts(self) -> list[str]:
        text = " ".join(self._tally.names)
        return [name for name in RECORD_COLUMNS if f"NOT first_{name}" in text]

    def _key_count_sql(self) -> str:
        """For some pairs (key, card_id) in `hot`: the same columns as `count` gives, of the fault's own records."""
        return (
            "SELECT judged.card_id, count(*) AS n, min(ts) AS first, max(ts) AS last,"
            f" arg_min(place, row(ts, place), {MOST_EVIDENCE}) AS shown"
            " FROM judged JOIN hot ON hot.card_id = judged.card_id AND hot.key = judged.{key}"
            " WHERE {record} GROUP BY judged.card_id"
        )


def _across(fault: Fault) -> tuple[Column, int]:
    if fault.across is None:
        raise TypeError(fault)
    return fault.across.key, int(fault.across.at_least.default or 0)


def _operands(atoms: Iterable[tree.Atom]) -> Iterable[Column]:
    for atom in atoms:
        yield from logic.operands(atom)
        for part in tree.aggregates(atom):
            yield from (column for column in tree.columns(part) if column.absent)


def _has_word(text: str, word: str) -> bool:
    return any(part == word for part in "".join(c if c.isalnum() or c == "_" else " " for c in text).split())


def _filter(where: str) -> str:
    return "" if where == "TRUE" else f" FILTER (WHERE {where})"


def _priority(observed: tree.Scalar) -> str:
    match observed:
        case tree.Aggregate(function="count_distinct" | "span_km", of=Column(name=name)):
            return f"(NOT first_{name})::INTEGER"
        case tree.Aggregate(function="sum" | "month_sum", of=of) if of is not None:
            return f"-({emit_sql.scalar(of, exact_count.BareNames())})"
    return "0"


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
