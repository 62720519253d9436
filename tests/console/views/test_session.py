import pytest
from pydantic import ValidationError

from tallyward.console.views.session import LanguageChoice, PasswordChange, SignIn


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_names_have_bounds(name: str) -> None:
    with pytest.raises(ValidationError):
        SignIn(name=name, password="four words and 7")


@pytest.mark.parametrize("password", ["", "x" * 257])
def test_passwords_have_bounds_so_that_hashing_one_can_not_be_made_to_last(password: str) -> None:
    with pytest.raises(ValidationError):
        SignIn(name="wu", password=password)
    with pytest.raises(ValidationError):
        PasswordChange(old="x", new=password)


def test_two_languages_and_no_other() -> None:
    assert LanguageChoice.model_validate({"language": "zh-CN"}).language == "zh-CN"
    with pytest.raises(ValidationError):
        LanguageChoice.model_validate({"language": "zh"})
