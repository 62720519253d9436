from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from tallyward.console.views.shared import Answer, Moment, Problem, Rows, Wish, Words, page_fields
from tallyward.kernel.paging import Page


class Event(Answer):
    at: Moment


class Said(Wish):
    text: str


def test_moments_leave_as_utc_with_a_z_whatever_zone_they_came_in() -> None:
    shanghai = timezone(timedelta(hours=8))
    for moment in (datetime(2026, 3, 2, 1, tzinfo=shanghai), datetime(2026, 3, 1, 17, tzinfo=UTC)):
        assert Event(at=moment).model_dump(mode="json") == {"at": "2026-03-01T17:00:00Z"}


def test_both_languages_are_named_as_browsers_name_them() -> None:
    assert Words(en="card", zh_cn="卡").model_dump(by_alias=True) == {"en": "card", "zh-CN": "卡"}


def test_answers_take_no_field_by_accident() -> None:
    with pytest.raises(ValidationError):
        Words(en="card", zh_cn="卡", fr="carte")  # type: ignore[call-arg] # that is the point


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x" * 4001])
def test_wishes_take_no_text_that_can_not_be_kept(text: str) -> None:
    with pytest.raises(ValidationError):
        Said(text=text)
    with pytest.raises(ValidationError):
        Said.model_validate({"text": "good", "more": text[:1]})


def test_pages_carry_rows_and_cursor() -> None:
    fields = page_fields(Page((1, 2), "next"), str)
    assert Rows[str](**fields).model_dump() == {"rows": ["1", "2"], "next_cursor": "next"}


def test_a_problem_has_the_members_of_rfc_9457() -> None:
    assert {"type", "title", "status", "detail"} <= set(Problem.model_fields)
