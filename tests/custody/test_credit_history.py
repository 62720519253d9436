"""What is told twice counts once, in whatever order it comes; what is old counts less."""

from collections import Counter
from itertools import permutations

from tallyward.custody.credit_history import UNIT, Deed, History, weighed
from tallyward.custody.credit_terms import Factor
from tallyward.custody.fixed_point import FULL


def test_the_later_day_and_the_graver_measure_count() -> None:
    found = set()
    for order in permutations([Deed(5, 10, 4), Deed(6, 12, 1), Deed(7, 12, 2)]):
        history = History((0, 0))
        for deed in order:
            history.blame(Factor.BREAKS, ("L", 0, 1), deed)
        (one,) = history.bad[Factor.BREAKS].values()
        found.add(one)
    assert found == {Deed(6, 12, 4)}


def test_other_things_count_beside_it() -> None:
    history = History((0, 0))
    history.blame(Factor.BREAKS, "one", Deed(5, 10, 4))
    history.blame(Factor.BREAKS, "other", Deed(5, 10, 4))
    history.blame(Factor.REFUSED, "one", Deed(5, 10, 4))
    assert [len(history.bad[one]) for one in (Factor.BREAKS, Factor.REFUSED, Factor.LATENESS)] == [2, 1, 0]


def test_exposure_is_weighed_by_age() -> None:
    history = History((0, 0))
    history.expose(Factor.BREAKS, 0, 3)
    history.expose(Factor.BREAKS, 180, 5)
    assert weighed([history.exposed[Factor.BREAKS]], 180) == UNIT * (3 * FULL // 2 + 5 * FULL)
    assert weighed([Counter(), Counter({180: 4})], 360) == 2 * FULL


def test_what_exposes_once_counts_with_the_most_on_the_last_day() -> None:
    for order in permutations([(3, 10), (5, 4), (4, 7)]):
        history = History((0, 0))
        for day, cards in order:
            history.expose(Factor.STOCK_REPORT, day, cards, once="month")
        history.expose(Factor.STOCK_REPORT, 9, 1, once="other month")
        assert +history.exposed[Factor.STOCK_REPORT] == Counter({5: 10 * UNIT, 9: UNIT})
