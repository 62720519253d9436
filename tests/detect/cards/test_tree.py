from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards import tree
from tallyward.detect.cards.tree import FALSE, TRUE, And, Compare, Not, Number, OnList, Or, Predicate, Present, Prone
from tallyward.detect.cards.vocabulary import PROFILE_COLUMNS, RECORD_COLUMNS, Home, Kind, limit_column

UP, DN, PEER, AREA, IMEI = (RECORD_COLUMNS[name] for name in ("up", "dn", "peer", "area", "imei"))
BOUND, LIST = PROFILE_COLUMNS["imei_bound"], PROFILE_COLUMNS["data_list"]
LIMIT = limit_column("day_bytes", 6)
TOTAL = tree.Aggregate("sum", tree.Arithmetic("+", UP, DN))

ATOMS = [Present(IMEI), Present(AREA), Present(BOUND), Compare("=", UP, Number(1))]
PARTS = st.lists(st.sampled_from([TRUE, FALSE, *ATOMS]), max_size=5)


def value(node: Predicate, holding: frozenset[Predicate]) -> bool:
    match node:
        case tree.Always(value=found):
            return found
        case And(parts=parts):
            return all(value(part, holding) for part in parts)
        case Or(parts=parts):
            return any(value(part, holding) for part in parts)
    return node in holding


@pytest.mark.parametrize(("join", "truth"), [(tree.both, all), (tree.either, any)])
@given(parts=PARTS, holding=st.frozensets(st.sampled_from(ATOMS)))
def test_joined_parts_mean_all_or_any_of_them(
    join: Callable[..., Predicate],
    truth: Callable[[list[bool]], bool],
    parts: list[Predicate],
    holding: frozenset[Predicate],
) -> None:
    assert value(join(*parts), holding) == truth([value(part, holding) for part in parts])


@given(PARTS)
def test_joined_parts_hold_no_constant_inside(parts: list[Predicate]) -> None:
    for made in (tree.both(*parts), tree.either(*parts)):
        if isinstance(made, And | Or):
            assert len(made.parts) > 1
            assert not {TRUE, FALSE} & set(made.parts)


EVERY_KIND = And(
    (
        Or((Not(OnList(LIST, PEER)), Prone(AREA, negated=True))),
        Compare(">", TOTAL, LIMIT),
        Compare("=", IMEI, BOUND),
        Present(AREA),
        tree.Counted(tree.Aggregate("count_distinct", PEER)),
        Compare(">", tree.Aggregate("count", None), Number(3)),
    )
)


def test_a_walk_meets_every_node_once_parents_first() -> None:
    met = list(tree.walk(EVERY_KIND))
    assert met[0] is EVERY_KIND
    assert len(met) == 25
    for node in met:
        for child in tree.children(node):
            assert any(child is one for one in met)


def test_columns_and_aggregates_are_found_at_any_depth_each_once_in_order() -> None:
    assert tree.columns(EVERY_KIND) == (LIST, PEER, AREA, UP, DN, LIMIT, IMEI, BOUND)
    assert [part.function for part in tree.aggregates(EVERY_KIND)] == ["sum", "count_distinct", "count"]
    assert tree.aggregates(And((Compare(">", TOTAL, Number(1)), Compare("<", TOTAL, Number(9))))) == (TOTAL,)


@pytest.mark.parametrize(
    ("node", "homes"),
    [
        (UP, {Home.RECORD}),
        (BOUND, {Home.PROFILE}),
        (LIMIT, {Home.PROFILE}),
        (Number(1), set()),
        (TRUE, set()),
        (TOTAL, {Home.PROFILE}),
        (tree.Arithmetic("-", UP, LIMIT), {Home.RECORD, Home.PROFILE}),
        (Compare("=", IMEI, BOUND), {Home.RECORD, Home.PROFILE}),
        (Compare(">", TOTAL, LIMIT), {Home.PROFILE}),
        (OnList(LIST, PEER), {Home.RECORD, Home.PROFILE}),
        (Prone(AREA), {Home.RECORD}),
        (Not(Present(BOUND)), {Home.PROFILE}),
    ],
)
def test_homes_tell_whose_columns_are_needed(node: tree.Node, homes: set[Home]) -> None:
    assert tree.homes(node) == homes


def test_only_columns_are_of_another_kind_than_number() -> None:
    assert tree.kind_of(IMEI) is Kind.IMEI
    assert {tree.kind_of(one) for one in (TOTAL, Number(1), tree.Aggregate("count_distinct", IMEI), LIMIT)} == {
        Kind.NUMBER
    }
