"""Traffic held against the ledger: each kind of break is found, at its link, and nothing else is."""

import random

import numpy as np
import pytest

from tallyward.custody import breaks
from tallyward.custody.break_finding import Finding
from tallyward.custody.break_kinds import Break
from tallyward.custody.card_orders import Cancel, Lose, Suspend
from tallyward.custody.machine import read
from tallyward.custody.states import CardState
from tallyward.custody.transactions import MemberRemove
from tallyward.custody.usage_facts import Places
from tallyward.kernel.errors import InvalidError
from tests.custody.chain import lot, signed
from tests.custody.timed import HOUR, Chain, time_of
from tests.custody.usage import Network, Seen


@pytest.fixture
def chain() -> Chain:
    """A hundred cards at a reseller, of which ten are at a shop."""
    found = Chain()
    lot(found.machine, "L", 200)
    found.sell("OP", "RES", "L", 0, 100)
    found.sell("RES", "SHOP", "L", 0, 10)
    return found


def judged(chain: Chain, cards: dict[int, Seen], places: Places | None = None, after: int = 1) -> list[Finding]:
    """What is found, some hours after the last entry."""
    network = Network({0: cards})
    return list(breaks.judge(chain.machine.state, time_of, chain.now + after * HOUR, network, places).findings())


def only(chain: Chain, slot: int, seen: Seen, places: Places | None = None, after: int = 1) -> Finding:
    """The one finding, which is about this card."""
    (found,) = judged(chain, {slot: seen}, places, after)
    assert (found.subject.start, found.subject.end) == (slot, slot + 1)
    return found


def test_stock_in_use_at_the_link_where_it_was_first_seen(chain: Chain) -> None:
    at_reseller = time_of(4) + HOUR // 2
    found = only(chain, 3, Seen(at_reseller, chain.now))
    assert found.breaks == (Break.STOCK_IN_USE,)
    assert [found.path[at].holder for at in found.broken] == ["RES"]
    assert found.last_holder == "SHOP"
    assert found.probability > 950
    assert only(chain, 3, Seen(chain.now, chain.now)).broken == (4,)


def test_in_transit_and_over_the_deadline(chain: Chain) -> None:
    chain.offer("RES", "SHOP", "L", 10, 20, hours=5)
    assert only(chain, 12, Seen(chain.now, chain.now)).breaks == (Break.IN_TRANSIT_IN_USE,)
    late = only(chain, 12, Seen(chain.now, chain.now), after=6)
    assert late.breaks == (Break.IN_TRANSIT_IN_USE, Break.TRANSIT_OVERDUE)
    assert late.path[late.broken[-1]].state is CardState.OFFERED


def test_before_activation(chain: Chain) -> None:
    chain.ask("L", 0, 2)
    assert only(chain, 1, Seen(chain.now, chain.now)).breaks == (Break.BEFORE_ACTIVATION,)
    activated = time_of(chain.activate("L", 2, 4))
    early = only(chain, 2, Seen(activated - HOUR, chain.now))
    assert early.breaks == (Break.BEFORE_ACTIVATION,)
    assert early.path[early.broken[0]].state is CardState.RN_APPROVED
    assert judged(chain, {2: Seen(activated - 60, chain.now), 3: Seen(activated + 60, chain.now)}) == []


def test_suspended_ended_lost(chain: Chain) -> None:
    chain.activate("L", 0, 4)
    stopped = time_of(chain.say(Suspend("OP", (chain.held("L", 0, 1),), "x"), "op"))
    ended = time_of(chain.say(Cancel("OP", (chain.held("L", 1, 2),), "x"), "op"))
    lost = time_of(chain.say(Lose("SHOP", (chain.held("L", 5, 7),), "x"), "shop"))
    good = chain.now - HOUR
    assert only(chain, 0, Seen(good, stopped + HOUR)).breaks == (Break.SUSPENDED_IN_USE,)
    assert only(chain, 1, Seen(good, ended + HOUR)).breaks == (Break.CANCELLED_IN_USE,)
    assert only(chain, 5, Seen(lost + HOUR, lost + HOUR)).breaks == (Break.LOST_IN_USE,)
    assert only(chain, 6, Seen(lost - HOUR, lost)).breaks == (Break.STOCK_IN_USE,)
    assert judged(chain, {0: Seen(stopped, stopped), 1: Seen(ended, ended), 2: Seen(good, chain.now)}) == []


def test_far_and_changed_device_need_each_other(chain: Chain) -> None:
    since = time_of(chain.activate("L", 0, 4))
    places = Places(np.array([0, 0, 0, 1, 0], dtype=np.int32), np.array([[0, 900], [900, 0]], dtype=np.int32))
    assert judged(chain, {0: Seen(since, since, region=0), 1: Seen(since, since, devices=3)}, places) == []
    with_others = only(chain, 5, Seen(since, since, region=0, devices=1), places)
    assert with_others.breaks == (Break.STOCK_IN_USE, Break.FAR_FROM_HOLDER, Break.DEVICE_CHANGED)
    assert dict(with_others.facts)["km_from_holder"] == 900
    assert "kilometres from the holder's region 900" in " ".join(with_others.explain("en"))
    near = only(chain, 5, Seen(since, since, region=1), places)
    assert near.breaks == (Break.STOCK_IN_USE,)
    assert "km_from_holder" not in dict(near.facts)


def test_a_removed_holder_makes_it_likelier(chain: Chain) -> None:
    seen = Seen(chain.now, chain.now, records=1)
    before = only(chain, 3, seen).probability
    machine = chain.machine
    removed = read(signed(machine.id, MemberRemove("SHOP", 0), "op", "op2", "regulator"))
    machine.take(machine.judge(removed, chain.now))
    found = only(chain, 3, seen)
    assert found.breaks == (Break.STOCK_IN_USE, Break.HOLDER_REMOVED)
    assert found.probability > before


def test_counts_by_holder_and_order_by_probability(chain: Chain) -> None:
    cards = {slot: Seen(chain.now, chain.now, records=slot % 2 * 9) for slot in (1, 2, 3, 50, 51)}
    found = breaks.judge(chain.machine.state, time_of, chain.now, Network({0: cards}))
    assert found.counts == {("RES", Break.STOCK_IN_USE): 2, ("SHOP", Break.STOCK_IN_USE): 3}
    assert found.broken == found.cards == 5
    assert found.spans == 3
    assert [one.subject.start for one in found.findings()] == [1, 3, 51, 2, 50]
    assert [one.subject.start for one in found.findings(2)] == [1, 3]


def test_no_traffic_no_findings(chain: Chain) -> None:
    found = breaks.judge(chain.machine.state, time_of, chain.now, Network({}))
    assert list(found.findings()) == []
    assert judged(chain, {}) == []


def test_usage_beyond_the_lot_is_refused(chain: Chain) -> None:
    with pytest.raises(InvalidError, match=r"custody\.usage_form"):
        judged(chain, {200: Seen(0, 0)})


def test_equals_a_look_at_each_card_alone(chain: Chain) -> None:
    chance = random.Random(7)
    chain.activate("L", 0, 4)
    chain.offer("RES", "SHOP", "L", 30, 60)
    chain.say(Suspend("OP", (chain.held("L", 1, 3),), "x"), "op")
    since, until = time_of(2), chain.now
    cards = {}
    for slot in chance.sample(range(200), 120):
        first, last = sorted(chance.randint(since, until) for _ in range(2))
        cards[slot] = Seen(first, last, chance.choice((1, 99)), devices=chance.choice((0, 0, 2)))
    together = {one.subject.start: one for one in judged(chain, cards)}
    for slot, seen in cards.items():
        assert judged(chain, {slot: seen}) == ([together[slot]] if slot in together else [])
    assert len(together) > 100
