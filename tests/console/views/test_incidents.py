import pytest
from pydantic import ValidationError

from tallyward.console.views.incidents import AssigneeWish, CommentWish, IncidentEventWish
from tallyward.incidents.life_cycle import Event
from tallyward.incidents.model import MAX_TEXT


def test_wishes_are_bounded_as_the_room_bounds_them() -> None:
    assert len(CommentWish(text="x" * MAX_TEXT).text) == MAX_TEXT
    for text in ("", "x" * (MAX_TEXT + 1)):
        with pytest.raises(ValidationError):
            CommentWish(text=text)
    with pytest.raises(ValidationError):
        IncidentEventWish(event=Event.RESOLVE, reason="x" * 2001)


def test_nobody_must_be_said() -> None:
    assert AssigneeWish.model_validate({"name": None}).name is None
    with pytest.raises(ValidationError):
        AssigneeWish.model_validate({})
