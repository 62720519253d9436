"""A card's way with its dwell times."""

from tallyward.custody.card_path import at, held_since, path
from tallyward.custody.states import CardState
from tests.custody.chain import lot
from tests.custody.timed import HOUR, Chain, time_of


def test_each_stage_has_holder_state_entry_and_dwell_time() -> None:
    chain = Chain()
    lot(chain.machine, "L", 10)
    chain.sell("OP", "RES", "L", 0, 8)
    bought = chain.sell("RES", "SHOP", "L", 2, 4)
    way = path(chain.machine.state, 0, 3, time_of, chain.now + 5 * HOUR)
    assert [(link.holder, link.state) for link in way] == [
        ("OP", CardState.REGISTERED),
        ("OP", CardState.OFFERED),
        ("RES", CardState.HELD),
        ("RES", CardState.OFFERED),
        ("SHOP", CardState.RETAIL),
    ]
    assert [link.dwell // HOUR for link in way] == [1, 1, 1, 1, 5]
    assert way[-1].entry == bought
    assert way[-1].since == time_of(bought)
    assert at(way, way[2].since) == at(way, way[3].since - 1) == 2
    assert at(way, 0) == 0
    spans = chain.machine.state.spans
    assert held_since(spans.history, spans.chain(0, 3)[0]).cause == bought
    assert held_since(spans.history, spans.chain(0, 1)[0]).cause == way[2].entry
    assert held_since(spans.history, spans.chain(0, 3)[1]).cause == way[2].entry, "offered, still its own"
    assert at(way, way[4].since + HOUR) == 4
