import duckdb

from tallyward.detect.cards.exact_count import Tally, list_joins, listed_in
from tests.detect.rule_making import fault, make_rule
from tests.detect.world import DAY, World


def test_a_list_is_joined_once_and_named_after_its_column() -> None:
    lists = dict.fromkeys(["data_list", "sms_list"])
    sql = list_joins(lists)
    assert all(name in sql for name in lists)
    assert list_joins({}) == ""
    assert listed_in("data_list") != listed_in("sms_list")


def test_a_tally_keeps_each_aggregate_once() -> None:
    tally = Tally()
    assert tally.keep("count(*)") == tally.keep("count(*)")
    assert tally.keep("max(up)") != tally.keep("count(*)")
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT 1 AS card_id{tally.columns()} FROM (SELECT 5 AS up)").fetchall()
    assert row == [(1, 1, 5)]


def test_counts_are_exact_at_the_limit_and_one_above(world: World) -> None:
    rule = make_rule(fault(card="count_distinct(peer) > max_peers AND sum(up) >= 6"))
    for card, peers in ((1, 2), (2, 3)):
        world.card(card)
        for peer in range(peers):
            world.use(card, up=2, times=3, peer=(1 << 60) | (peer + 1))
    assert [int(one.card) for one in world.scan((rule,)).run(DAY).findings] == [2]
