from collections import Counter

import numpy as np

from tallyward.simulate.cadences import cadences
from tallyward.simulate.draws import Draws


def test_some_of_each_most_of_them_live() -> None:
    drawn = Counter(cadences(Draws(3), "card", np.arange(1, 10_001)).to_pylist())
    assert {word: round(count / 1000) for word, count in drawn.items()} == {"live": 6, "periodic": 3, "daily": 1}


def test_a_card_has_its_own_whichever_others_are_asked_for() -> None:
    draws, numbers = Draws(3), np.arange(1, 101)
    assert cadences(draws, "card", numbers[40:]) == cadences(draws, "card", numbers)[40:]
    assert cadences(draws, "terminal", numbers) != cadences(draws, "card", numbers)
