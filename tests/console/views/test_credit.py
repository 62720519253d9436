import pytest
from pydantic import ValidationError

from tallyward.console.views.credit import MOST_ASKED, CreditWish


@pytest.mark.parametrize("organisations", [[], ["a"] * (MOST_ASKED + 1), [""], ["x" * 65]])
def test_what_is_asked_is_bounded(organisations: list[str]) -> None:
    with pytest.raises(ValidationError):
        CreditWish(organisations=organisations)
    assert CreditWish(organisations=["a"] * MOST_ASKED)
