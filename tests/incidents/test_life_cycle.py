from itertools import product

import pytest

from tallyward.incidents.life_cycle import CLOSED, REASON_REQUIRED, TABLE, Event, State, allowed, step
from tallyward.kernel.catalogue import keys
from tallyward.kernel.errors import ConflictError, InvalidError

EXPECTED = {
    "open": {
        "acknowledge": "acknowledged",
        "contain": "contained",
        "resolve": "resolved",
        "mark_false_positive": "false_positive",
    },
    "acknowledged": {"contain": "contained", "resolve": "resolved", "mark_false_positive": "false_positive"},
    "contained": {"resolve": "resolved", "mark_false_positive": "false_positive"},
    "resolved": {"reopen": "open"},
    "false_positive": {"reopen": "open"},
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_pair_goes_where_the_table_says_or_is_refused(state: State, event: Event) -> None:
    wanted = EXPECTED[state].get(event)
    if wanted is None:
        with pytest.raises(ConflictError) as refusal:
            step(state, event, "because")
        assert refusal.value.code == "incidents.event_not_allowed"
    else:
        assert step(state, event, "because") == wanted
        assert allowed(state)[event] == wanted


def test_every_state_can_be_reached_and_left() -> None:
    assert set(TABLE.values()) == set(State)
    assert {before for before, _ in TABLE} == set(State)


def test_closed_states_open_again_only_by_reopening() -> None:
    assert {event for state in CLOSED for event in allowed(state)} == {Event.REOPEN}


@pytest.mark.parametrize("reason", [None, "", "   ", "\n"])
def test_a_false_positive_needs_a_reason(reason: str | None) -> None:
    assert {Event.MARK_FALSE_POSITIVE} == REASON_REQUIRED
    with pytest.raises(InvalidError) as refusal:
        step(State.OPEN, Event.MARK_FALSE_POSITIVE, reason)
    assert refusal.value.code == "incidents.reason_required"


def test_the_state_is_judged_before_the_reason() -> None:
    with pytest.raises(ConflictError):
        step(State.FALSE_POSITIVE, Event.MARK_FALSE_POSITIVE, None)


def test_states_and_events_have_words_in_both_languages() -> None:
    for language in ("en", "zh-CN"):
        known = keys(language)
        assert not {f"incidents.state.{state.value}" for state in State} - known
        assert not {f"incidents.event.{event.value}" for event in Event} - known
