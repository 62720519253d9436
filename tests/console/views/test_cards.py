import pytest
from pydantic import ValidationError

from tallyward.console.views.cards import CardUsage, EffectiveLimit, FunctionUse
from tests.console.fakes import DAY


def test_a_limit_may_be_nobodys() -> None:
    assert EffectiveLimit(name="day_bytes", value=None, origin=None).value is None


def test_use_is_by_hour() -> None:
    with pytest.raises(ValidationError):
        CardUsage(day=DAY, records=0, bytes=0, peers=0, cells=0, imeis=0, by_hour=[], complete=True)


def test_a_function_without_a_list_says_so() -> None:
    assert FunctionUse(service="sms", mode="open", list=None, used_today=0).model_dump()["list"] is None
