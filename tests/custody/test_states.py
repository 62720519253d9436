"""The table of states is the white paper's chain."""

from tallyward.custody.states import NEXT, CardState, Event, after


def test_the_way_of_a_card_from_registration_to_its_end() -> None:
    way = [
        (Event.OFFER, CardState.OFFERED),
        (Event.REST, CardState.HELD),
    ]
    state = CardState.REGISTERED
    for event, then in way:
        found = after(state, event)
        assert found is then
        state = found
    state = CardState.RETAIL
    for event in (Event.REQUEST, Event.APPROVE, Event.ACTIVATE, Event.SUSPEND, Event.RESUME, Event.CANCEL):
        found = after(state, event)
        assert found is not None
        state = found
    assert state is CardState.CANCELLED


def test_no_card_becomes_active_without_approval() -> None:
    into = {state for (state, event), then in NEXT.items() if then is CardState.ACTIVE and event is not Event.BIND}
    assert into == {CardState.RN_APPROVED, CardState.SUSPENDED}
    assert {state for (state, _), then in NEXT.items() if then is CardState.RN_APPROVED} == {CardState.ACT_REQUESTED}


def test_nothing_happens_to_cards_that_are_done() -> None:
    assert all(after(CardState.REISSUED, event) is None for event in Event)
    assert [event for event in Event if after(CardState.RECYCLED, event) is not None] == [Event.REISSUE]


def test_a_tie_to_a_device_moves_no_card() -> None:
    assert all(state is then for (state, event), then in NEXT.items() if event is Event.BIND)
