"""Until and from when cards of a span may be seen."""

from tallyward.custody.break_kinds import SLACK
from tallyward.custody.card_orders import Cancel, Quarantine, Resume, Suspend
from tallyward.custody.span_columns import NEVER, columns
from tallyward.custody.states import CardState
from tests.custody.chain import lot
from tests.custody.timed import Chain, time_of


def test_a_row_for_each_span_and_its_times() -> None:
    chain = Chain()
    lot(chain.machine, "L", 10)
    chain.sell("OP", "SHOP", "L", 0, 8)
    active = chain.activate("L", 0, 4)
    suspended = chain.say(Suspend("OP", (chain.held("L", 0, 3),), "x"), "op")
    chain.say(Resume("OP", (chain.held("L", 0, 1),), "x"), "op")
    ended = chain.say(Cancel("OP", (chain.held("L", 1, 2),), "x"), "op")
    chain.say(Quarantine("OP", (chain.held("L", 1, 2),), "x"), "op")
    found = columns(chain.machine.state, 0, time_of)
    since = time_of(active) - SLACK
    assert list(zip(found.start, found.end, found.state, found.from_, found.until, strict=True)) == [
        (0, 1, CardState.ACTIVE, since, NEVER),
        (1, 2, CardState.QUARANTINE, since, time_of(ended) + SLACK),
        (2, 3, CardState.SUSPENDED, since, time_of(suspended) + SLACK),
        (3, 4, CardState.ACTIVE, since, NEVER),
        (4, 8, CardState.RETAIL, NEVER, NEVER),
        (8, 10, CardState.REGISTERED, NEVER, NEVER),
    ]
    assert [chain.machine.state.members_by_number[one] for one in found.holder] == ["SHOP"] * 5 + ["OP"]
