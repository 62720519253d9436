"""All rules as one traversal: what stage one keeps and picks, what stage two judges and counts. Pure SQL text.

The texts speak of relations that the adapter provides for one bucket: `records` (usage rows with `segment` and `row`),
`profile`, `peer_list` (listed_peer, on_one_list), `list_entry`, `list_prefix`, `cells`, `earlier`, `wanted` (card_id),
`looked` and `seen` (records of those cards) and `judged` (`seen` with a column a condition).
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
    """A fault that counts cards by a second key: its place in the plan, and SQL about it.

    `alone`: column of stage one, the key's value where a card has one value only and counts with it, else 0.
    `unsure`: column of stage one, TRUE where a card has several values and may count with some of them.
    `pairs`: (key, card_id) of such cards, over `looked`. `hot`: their records' figures, over `judged` and `hot`.
    """

    fault: int
    at_least: int
    alone: str
    unsure: str
    pairs: str
    hot: str


@dataclass(frozen=True, slots=True)
class JudgedFault:
    """A fault and the rule it belongs to. Its columns in the answer of stage two are <name>_<place in the plan>."""

    rule: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Plan:
    """What the adapter runs for each bucket.

    `sketch` and `pick` are stage one. `look` and `narrow` count exactly, over few columns, for cards that only bounds
    made candidates. `judge` and `count` are stage two, for the cards that are left.
    """

    rules: tuple[Rule, ...]
    faults: tuple[JudgedFault, ...]
    keys: tuple[KeyCount, ...]
    blind: tuple[Blindness, ...]
    months: dict[str, str]
    record_columns: tuple[str, ...]
    strange_cells: int
    sketch: str
    pick: str
    look: str
    narrow: str
    judge: str
    count: str


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
        self._record = RecordNames(prone)
        self._conditions: dict[str, str] = {}  # record condition -> its column in `judged`
        self._faults = tuple(JudgedFault(number, fault) for number, rule in enumerate(rules) for fault in rule.faults)

    def plan(self) -> Plan:
        keys = tuple(self._key(place, one.fault) for place, one in enumerate(self._faults) if one.fault.across)
        plain = [one.fault for one in self._faults if not one.fault.across]
        lifted = [(fault, self._lifter.candidate(_record(fault), _card(fault))) for fault in plain]
        loose = [(fault, found.sql) for fault, found in lifted if not found.exact and _record(fault) == tree.TRUE]
        sure = [found.sql for fault, found in lifted if found.exact or _record(fault) != tree.TRUE]
        blind = self._blindness()
        strange = f"({self._sketch.keep('max', 'cell')} >= {self._strange_cells})"
        columns = [
            "sketch.card_id, n, p.card_id IS NOT NULL AS known",
            f"{strange} AS strange",
            f"coalesce({any_of(sure)}, FALSE) AS candidate",
            f"coalesce({any_of(sql for _, sql in loose)}, FALSE) AS possible",
            *(part for key in keys for part in (key.alone, key.unsure)),
            *(f"coalesce({any_of(where)}, FALSE) AS blind_{at}" for at, where in enumerate(blind.values())),
        ]
        tally = Tally()
        narrow = any_of(
            self._holds(fault, CardNames(tally, "TRUE", self._prone, self._sketch.months)) for fault, _ in loose
        )
        count = self._count()
        return Plan(
            rules=self._rules,
            faults=self._faults,
            keys=keys,
            blind=tuple(blind),
            months=self._sketch.months,
            record_columns=self._columns_read(),
            strange_cells=self._strange_cells,
            sketch=self._sketch_sql(),
            pick=f"SELECT {', '.join(columns)}\nFROM sketch {self._beside_profile('LEFT JOIN')}",
            look=_look([*tally.names, *(key.pairs for key in keys)]),
            narrow=f"WITH v AS (SELECT card_id{tally.columns()} FROM looked GROUP BY card_id)\n"
            f"SELECT v.card_id FROM v {self._beside_profile('JOIN')} WHERE {narrow}",
            judge=self._judge(),
            count=count,
        )

    # stage one

    def _key(self, place: int, fault: Fault) -> KeyCount:
        """A card with one value of the key all day needs no look at its records, where only the key is looked at."""
        key, at_least = _across(fault)
        record = tree.both(_record(fault), tree.Present(key))
        least = self._sketch.keep("min", key.name, f"({key.name} <> 0)")
        most = self._sketch.keep("max", key.name)
        card = emit_sql.predicate(_card(fault), self._lifter.card)
        may = all_of([self._lifter.candidate(record, tree.TRUE).sql, card])
        alone = "FALSE"
        if {column.name for column in tree.columns(record) if column.home is Home.RECORD} <= {key.name}:
            alone = f"coalesce({least} = {most}, FALSE)"
        names = RecordNames(self._prone)
        where = all_of([emit_sql.predicate(record, names), emit_sql.predicate(_card(fault), names)])
        joins = exact_count.list_joins(names.lists)
        judged = all_of([self._condition(fault), f"judged.{key.name} <> 0"])
        return KeyCount(
            fault=place,
            at_least=at_least,
            alone=f"CASE WHEN {all_of([alone, may])} THEN {most} ELSE 0 END AS key_{place}",
            unsure=f"{all_of([f'(NOT {alone})', may])} AS unsure_{place}",
            pairs=f"SELECT DISTINCT r.{key.name} AS key, r.card_id FROM looked r JOIN profile p USING (card_id)"
            f"\n{joins} WHERE {where}",
            hot="SELECT judged.card_id, count(*) AS n, min(ts) AS first, max(ts) AS last,"
            f" arg_min(place, row(ts, place), {MOST_EVIDENCE}) AS shown"
            f" FROM judged JOIN hot ON hot.card_id = judged.card_id AND hot.key = judged.{key.name}"
            f" WHERE {judged} GROUP BY judged.card_id",
        )

    def _blindness(self) -> dict[Blindness, list[str]]:
        found: dict[Blindness, list[str]] = {}
        for one in self._faults:
            if one.fault.across is None:
                for operand, where in self._blind_where(one.fault):
                    found.setdefault(Blindness(one.rule, operand), []).append(where)
        return found

    def _blind_where(self, fault: Fault) -> Iterable[tuple[Column, str]]:
        """Operands that a card may lack all day, each with the cards that lack it though the fault is about them."""
        condition = tree.both(logic.pushed(fault.record), logic.pushed(fault.card))
        for atoms in logic.disjuncts(condition) or ():
            profile = [atom for atom in atoms if tree.homes(atom) == {Home.PROFILE} and not tree.aggregates(atom)]
            about = [emit_sql.predicate(atom, self._lifter.card) for atom in profile if not logic.operands(atom)]
            for operand in _operands(atoms):
                lacks = f"p.{operand.name}"
                if operand.home is Home.RECORD:
                    lacks = self._sketch.keep("max", operand.name)
                yield operand, all_of([*about, "p.card_id IS NOT NULL", f"({lacks} = 0)"])

    def _sketch_sql(self) -> str:
        kept = ", ".join(f"{sql} AS {name}" for sql, name in self._sketch.names.items())
        source = "records"
        if any(LISTED in sql for sql in self._sketch.names):
            source = (
                f"(SELECT records.*, coalesce({LISTED}, 0) AS {LISTED}"
                " FROM records LEFT JOIN peer_list ON listed_peer = peer)"
            )
        return f"SELECT card_id, count(*) AS n, {kept}\nFROM {source} GROUP BY card_id"

    def _columns_read(self) -> tuple[str, ...]:
        text = " ".join(self._sketch.names)
        words = {word for word in (*RECORD_COLUMNS, "gx", "gy") if _has_word(text, word)}
        if LISTED in text:
            words.add("peer")
        return ("card_id", *sorted(words))

    def _beside_profile(self, join: str) -> str:
        month = " LEFT JOIN earlier m USING (card_id)" if self._sketch.months else ""
        return f"{join} profile p USING (card_id){month}"

    # stage two

    def _condition(self, fault: Fault) -> str:
        sql = emit_sql.predicate(_record(fault), self._record)
        return sql if sql == "TRUE" else self._conditions.setdefault(sql, f"c{len(self._conditions)}")

    def _judge(self) -> str:
        conditions = "".join(f", {sql} AS {name}" for sql, name in self._conditions.items())
        return (
            f"SELECT r.*, {exact_count.PLACES}{conditions}\n"
            f"FROM seen r JOIN profile p ON p.card_id = r.card_id LEFT JOIN cells ON cells.cell = r.cell\n"
            f"{exact_count.list_joins(self._record.lists)}"
        )

    def _holds(self, fault: Fault, names: CardNames) -> str:
        count = names.aggregate(tree.Aggregate("count", None))
        return all_of([f"({count} > 0)", emit_sql.predicate(_card(fault), names)])

    def _count(self) -> str:
        tally = Tally()
        answers = [self._answer(place, one.fault, tally) for place, one in enumerate(self._faults)]
        columns = ",\n".join(column for answer in answers for column in answer)
        hits = any_of(answer[0].split(" AS ")[0] for answer in answers if answer)
        firsts = "".join(
            f", row_number() OVER (PARTITION BY card_id, {name} ORDER BY ts, place) = 1 AS first_{name}"
            for name in RECORD_COLUMNS
            if any(f"NOT first_{name}" in sql for sql in tally.names)
        )
        return (
            f"WITH v AS (SELECT card_id{tally.columns()} FROM (SELECT *{firsts} FROM judged) GROUP BY card_id)\n"
            f"SELECT v.card_id, {columns}\nFROM v {self._beside_profile('JOIN')}\nWHERE {hits}"
        )

    def _answer(self, place: int, fault: Fault, tally: Tally) -> list[str]:
        """The columns of one fault; none of one that counts by another key."""
        if fault.across:
            return []
        where = self._condition(fault)
        names = CardNames(tally, where, self._prone, self._sketch.months)
        observed = "NULL" if isinstance(fault.observed, Column) else emit_sql.scalar(fault.observed, names)
        limit, origin = _limit(fault, names)
        order = f"row({_priority(fault.observed)}, ts, place)"
        kept = {
            "first": f"min(ts){_filter(where)}",
            "last": f"max(ts){_filter(where)}",
            "shown": f"arg_min(place, {order}, {MOST_EVIDENCE}){_filter(where)}",
        }
        return [
            f"coalesce({self._holds(fault, names)}, FALSE) AS hit_{place}",
            f"{names.aggregate(tree.Aggregate('count', None))} AS n_{place}",
            *(f"v.{tally.keep(sql)} AS {name}_{place}" for name, sql in kept.items()),
            f"{observed} AS observed_{place}",
            f"{limit} AS limit_{place}",
            f"{origin} AS origin_{place}",
        ]


def _record(fault: Fault) -> tree.Predicate:
    return logic.settled(fault.record, fault.missing)


def _card(fault: Fault) -> tree.Predicate:
    return logic.settled(fault.card, fault.missing)


def _across(fault: Fault) -> tuple[Column, int]:
    if fault.across is None:
        raise TypeError(fault)
    return fault.across.key, int(fault.across.at_least.default or 0)


def _operands(atoms: Iterable[tree.Atom]) -> Iterable[Column]:
    for atom in atoms:
        yield from logic.operands(atom)
        for part in tree.aggregates(atom):
            yield from (column for column in tree.columns(part) if column.absent)


def _look(texts: Iterable[str]) -> str:
    """The columns of some cards' records that these texts speak of."""
    text = " ".join(texts)
    columns = [f"records.{name}" for name in ("card_id", *RECORD_COLUMNS) if name == "card_id" or _has_word(text, name)]
    return (
        f"SELECT {', '.join([*columns, exact_count.PLACES])} FROM records SEMI JOIN wanted USING (card_id)"
        " LEFT JOIN cells ON cells.cell = records.cell"
    )


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
