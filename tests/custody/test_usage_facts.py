"""Usage that does not fit its lot is refused."""

import numpy as np
import pytest

from tallyward.custody.usage_facts import CardUsage
from tallyward.kernel.errors import InvalidError
from tests.custody.usage import Seen, columns

GOOD = columns({0: Seen(1, 2), 4: Seen(1, 2)})


def test_what_fits_is_given_back() -> None:
    assert GOOD.checked("L", 5) is GOOD
    assert columns({}).checked("L", 1).slots.tolist() == []


@pytest.mark.parametrize(
    ("bad", "cards"),
    [
        (GOOD, 4),
        (GOOD._replace(records=np.zeros(1, dtype=np.int64)), 5),
        (GOOD._replace(slots=np.array([4, 0])), 5),
        (GOOD._replace(slots=np.array([4, 4])), 5),
        (GOOD._replace(slots=np.array([-1, 4])), 5),
    ],
)
def test_what_does_not_fit_is_refused(bad: CardUsage, cards: int) -> None:
    with pytest.raises(InvalidError, match=r"custody\.usage_form"):
        bad.checked("L", cards)
