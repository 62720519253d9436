import random
from collections.abc import Iterator
from typing import Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards import logic, tree
from tallyward.detect.cards.evaluate import World, truth
from tallyward.detect.cards.evaluate import _Sight as Sight
from tallyward.detect.cards.tree import (
    Aggregate,
    And,
    Compare,
    Counted,
    Not,
    Number,
    OnList,
    Or,
    Predicate,
    Present,
    Prone,
)
from tallyward.detect.cards.vocabulary import PROFILE_COLUMNS, RECORD_COLUMNS, Column

UP, IMEI, PEER, AREA, CELL = (RECORD_COLUMNS[name] for name in ("up", "imei", "peer", "area", "cell"))
BOUND, LIST, HOME_CELL = (PROFILE_COLUMNS[name] for name in ("imei_bound", "data_list", "home_cell"))
WORLD: Final = World(on_list=lambda group, peer: peer == group, prone=frozenset({2}))
OPERATORS: Final[tuple[tree.Comparison, ...]] = ("=", "<>", "<", "<=", ">", ">=")

ATOMS = st.one_of(
    st.builds(Compare, st.sampled_from(OPERATORS), st.just(UP), st.integers(0, 2).map(Number)),
    st.builds(Compare, st.sampled_from(OPERATORS[:2]), st.just(IMEI), st.just(BOUND)),
    st.builds(Compare, st.sampled_from(OPERATORS[:2]), st.just(CELL), st.just(HOME_CELL)),
    st.builds(OnList, st.just(LIST), st.just(PEER), st.booleans()),
    st.builds(Prone, st.just(AREA), st.booleans()),
    st.builds(Present, st.sampled_from([IMEI, BOUND, AREA]), st.booleans()),
    st.sampled_from([tree.TRUE, tree.FALSE]),
)


def grown(parts: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(parts.map(Not), several.map(And), several.map(Or))


CONDITIONS: st.SearchStrategy[Predicate] = st.recursive(ATOMS, grown, max_leaves=8)


def sights(seed: int, times: int = 12) -> Iterator[Sight]:
    """Random records and profiles; every value is 0 (absent where that is known) often enough."""
    dice = random.Random(seed)
    for _ in range(times):
        record = {column.name: dice.randint(0, 2) for column in (UP, IMEI, PEER, AREA, CELL)}
        profile = {column.name: dice.randint(0, 2) for column in (BOUND, LIST, HOME_CELL)}
        yield Sight(profile, record, (), WORLD)


@pytest.mark.parametrize("missing", ["ignore", "fire"])
@given(condition=CONDITIONS, seed=st.integers(0, 10**6))
def test_a_settled_condition_is_true_or_false_as_the_three_valued_one_is_taken(
    missing: Literal["ignore", "fire"], condition: Predicate, seed: int
) -> None:
    settled = logic.settled(condition, missing)
    for sight in sights(seed):
        expected = truth(condition, sight)
        taken = missing == "fire" if expected is None else expected
        assert two_valued(settled, sight) is taken


def two_valued(node: Predicate, sight: Sight) -> bool:
    """As the engine sees it: 0 is a value like any other."""
    match node:
        case And(parts=parts):
            return all(two_valued(part, sight) for part in parts)
        case Or(parts=parts):
            return any(two_valued(part, sight) for part in parts)
        case Compare(operator="=" | "<>" as name, left=Column() as left, right=Column() as right):
            return (plain(left, sight) == plain(right, sight)) == (name == "=")
        case OnList(list=group, peer=peer, negated=negated):
            return (plain(group, sight) == plain(peer, sight)) != negated
        case Prone(area=area, negated=negated):
            return (plain(area, sight) in WORLD.prone) != negated
        case Not():
            raise AssertionError(node)
    found = truth(node, sight)
    assert found is not None
    return found


def plain(column: Column, sight: Sight) -> int | None:
    row = sight.record if column.name in RECORD_COLUMNS else sight.profile
    assert row is not None
    return row[column.name]


@given(CONDITIONS, st.integers(0, 10**6))
def test_negations_at_the_atoms_mean_the_same(condition: Predicate, seed: int) -> None:
    pushed = logic.pushed(condition)
    assert not any(isinstance(node, Not) for node in tree.walk(pushed))
    for sight in sights(seed):
        assert truth(pushed, sight) is truth(condition, sight)
        assert truth(logic.pushed(condition, negated=True), sight) is truth(Not(condition), sight)


@given(CONDITIONS, st.integers(0, 10**6))
def test_disjuncts_mean_the_same(condition: Predicate, seed: int) -> None:
    found = logic.disjuncts(logic.settled(condition, "ignore"))
    if found is None:
        return
    assert len(found) <= logic.MOST_DISJUNCTS
    for sight in sights(seed):
        met = any(all(truth(atom, sight) for atom in atoms) for atoms in found)
        assert met is (truth(condition, sight) is True)


def choices(groups: int) -> Predicate:
    two = [Or((Compare("=", UP, Number(2 * at)), Compare("=", UP, Number(2 * at + 1)))) for at in range(groups)]
    return And(tuple(two))


def test_disjuncts_stop_before_they_explode() -> None:
    assert len(logic.disjuncts(choices(6)) or ()) == 64
    assert logic.disjuncts(choices(7)) is None
    assert logic.disjuncts(choices(2_000)) is None
    assert logic.disjuncts(Or((choices(6), Present(IMEI)))) is None
    assert logic.disjuncts(And((choices(7), Present(IMEI)))) is None
    assert logic.disjuncts(Not(Or((Present(IMEI), Present(AREA))))) == ((Present(IMEI, True), Present(AREA, True)),)


def test_constants_and_atoms_that_come_twice() -> None:
    assert logic.disjuncts(tree.TRUE) == ((),)
    assert logic.disjuncts(tree.FALSE) == ()
    assert logic.disjuncts(And((Present(IMEI), Present(IMEI)))) == ((Present(IMEI),),)


def test_operands_are_what_may_be_absent_outside_aggregates() -> None:
    assert logic.operands(Compare("=", IMEI, BOUND)) == (IMEI, BOUND)
    assert logic.operands(OnList(LIST, PEER)) == (LIST, PEER)
    assert logic.operands(Compare("=", UP, Number(0))) == ()
    assert logic.operands(Present(IMEI)) == ()
    assert logic.operands(Compare(">", Aggregate("count_distinct", CELL), Number(1))) == ()


def test_an_aggregate_that_saw_nothing_is_absent_too() -> None:
    atom = Compare("<", Aggregate("count_distinct", CELL), Number(2))
    assert logic.settled(atom, "ignore") == And((Counted(Aggregate("count_distinct", CELL)), atom))
    fires = logic.settled(atom, "fire")
    assert fires == Or((Counted(Aggregate("count_distinct", CELL), negated=True), atom))
    never = Compare("<", Aggregate("sum", UP), Number(2))
    assert logic.settled(never, "fire") == never
