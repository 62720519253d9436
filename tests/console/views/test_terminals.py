import pytest
from pydantic import ValidationError

from tallyward.console.views.terminals import Place


def test_a_place_is_two_numbers() -> None:
    assert Place(latitude=31.2, longitude=121.5).model_dump() == {"latitude": 31.2, "longitude": 121.5}
    with pytest.raises(ValidationError):
        Place.model_validate({"latitude": 31.2})
