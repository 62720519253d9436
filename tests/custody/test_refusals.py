"""What a transaction names must be there, in order, and standing by the event it names."""

import pytest

from tallyward.custody.fields import Part
from tallyward.custody.refusals import held, issued, live_member, lot_of, next_state
from tallyward.custody.states import Event
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import lot, new_machine, sell


def test_unknown_members_and_lots() -> None:
    state = new_machine().state
    for call in (lambda: live_member(state, "NOBODY"), lambda: lot_of(state, "NOTHING")):
        with pytest.raises(TallywardError, match="unknown"):
            call()


def test_parts_that_cover_two_spans_of_one_event_are_taken_as_two() -> None:
    machine = new_machine()
    start = lot(machine)
    event = sell(machine, "OP", "RES", Part("LOT", 0, 50, start), Part("LOT", 50, 90, start))
    reseller = live_member(machine.state, "RES")
    pieces = held(machine.state, reseller, (Part("LOT", 10, 80, event),))
    assert [(one.start, one.end) for one in pieces] == [(10, 50), (50, 80)]


@pytest.mark.parametrize(
    "parts",
    [
        (Part("LOT", 5, 5, 1),),
        (Part("LOT", 6, 5, 1),),
        (Part("LOT", 0, 1001, 1),),
        (Part("LOT", 0, 9, 1), Part("LOT", 8, 12, 1)),
        (Part("LOT", 50, 60, 1), Part("LOT", 0, 9, 1)),
    ],
)
def test_empty_turned_overlapping_and_unordered_parts(parts: tuple[Part, ...]) -> None:
    machine = new_machine()
    assert lot(machine) == 1
    operator = live_member(machine.state, "OP")
    for call in (held, issued):
        with pytest.raises(TallywardError) as refused:
            call(machine.state, operator, parts)
        assert refused.value.code == "custody.span_invalid"


def test_what_the_table_of_states_does_not_have() -> None:
    machine = new_machine()
    lot(machine)
    with pytest.raises(TallywardError) as refused:
        next_state(machine.state.spans.history[0], Event.ACTIVATE, "LOT")
    assert refused.value.code == "custody.state_forbids"
    assert "REGISTERED" in refused.value.sentence("en")
