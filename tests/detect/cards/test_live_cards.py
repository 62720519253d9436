import numpy as np

from tallyward.detect.cards.day_columns import DayColumns, Profiles
from tallyward.detect.cards.live_cards import LiveCards, shares


def test_the_first_buckets_get_what_room_there_is() -> None:
    assert shares({2: 5, 0: 3, 1: 0}, 6) == {0: 3, 1: 0, 2: 3}
    assert shares({0: 3, 1: 4}, 2) == {0: 2, 1: 0}


def bucket() -> Profiles:
    """Cards 100 to 105, of which 103 is not registered; 100, 102, 103 and 105 are live."""
    known = np.array([True, True, True, False, True, True])
    columns = {"cadence": np.array([0, 1, 0, 0, 2, 0], np.uint8), "fixed": np.arange(6, dtype=np.uint8)}
    return Profiles(100, known, columns, {"max_peers": np.array([False, True, True, False, False, False])})


def test_registered_cards_of_live_cadence_take_places_of_their_own() -> None:
    cards = LiveCards.of(bucket(), most=9)
    assert cards.ids.tolist() == [100, 102, 105]
    own = cards.profiles(bucket())
    assert (own.first, own.count) == (0, 3)
    assert own.known.all()
    assert own.columns["fixed"].tolist() == [0, 2, 5]
    assert own.unset["max_peers"].tolist() == [False, True, False]
    assert [card for card in range(100, 106) if cards.has(card, 100)] == [100, 102, 105]


def test_no_more_than_there_is_room_for() -> None:
    assert LiveCards.of(bucket(), most=2).ids.tolist() == [100, 102]
    assert LiveCards.of(bucket(), most=0).ids.tolist() == []


def test_a_batch_is_cut_down_to_their_records() -> None:
    cards = LiveCards.of(bucket(), most=9)
    day = DayColumns({"up": np.arange(5)}, np.array([0, 1, 2, 3, 5], np.int32), (0,))
    assert cards.rows(day).tolist() == [0, 2, 4]
    own = DayColumns({"up": np.array([0, 2, 4])}, np.array([0, 2, 5], np.int32), (0,))
    assert cards.placed(own).card.tolist() == [0, 1, 2]
