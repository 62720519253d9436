import pytest
from pydantic import ValidationError

from tallyward.console.people import check_name
from tallyward.console.views.admin import NewToken, NewUser, UserChange


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("wu", True),
        ("wu.wei-2_x", True),
        ("Wu", False),
        ("w", False),
        ("wu\n", False),
        ("wu wei", False),
        ("x" * 65, False),
    ],
)
def test_the_form_of_a_name_is_the_one_accounts_check(name: str, good: bool) -> None:
    if good:
        assert NewUser(name=name, display_name="Wu", role="analyst").name == name  # type: ignore[arg-type] # from JSON
        check_name(name)
    else:
        with pytest.raises(ValidationError):
            NewUser(name=name, display_name="Wu", role="analyst")  # type: ignore[arg-type] # from JSON


def test_a_new_user_reads_chinese_unless_said() -> None:
    assert NewUser.model_validate({"name": "wu", "display_name": "Wu", "role": "analyst"}).language == "zh-CN"


def test_a_change_may_leave_everything_as_it_is() -> None:
    assert UserChange().model_dump(exclude_none=True) == {}
    with pytest.raises(ValidationError):
        UserChange.model_validate({"enterprise": "other"})


@pytest.mark.parametrize("days", [0, 367])
def test_tokens_live_a_day_to_a_year(days: int) -> None:
    with pytest.raises(ValidationError):
        NewToken(name="script", days=days)
