from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from tallyward.detect.adapters.profile_columns import profiles_of
from tallyward.detect.cards.vocabulary import PROFILE_COLUMNS, limit_column
from tallyward.registry.profile_schema import PROFILE
from tests.detect.world import PLAIN_PROFILE, filled

NOTHING = pa.table({"card_id": pa.array([], pa.uint32())})
FIXED = PROFILE_COLUMNS["fixed"]


def table(*cards: int) -> pa.Table:
    return filled([{**PLAIN_PROFILE, "card_id": card, "fixed": card % 2} for card in cards], PROFILE)


@pytest.mark.parametrize("cards", [(4, 5, 6, 7), (3, 5, 6, 9), (), (1, 2, 20)])
def test_profiles_stand_at_the_place_of_their_card(cards: tuple[int, ...]) -> None:
    found = profiles_of(table(*cards), 4, 8, NOTHING, {})
    assert (np.flatnonzero(found.known) + 4).tolist() == [card for card in cards if 4 <= card < 8]
    fixed = np.asarray(found.span(FIXED, np.arange(4)).low).tolist()
    assert fixed == [card % 2 if card in cards else 0 for card in range(4, 8)]


def test_a_limit_that_nobody_set_is_told_apart_from_zero() -> None:
    rows = [{**PLAIN_PROFILE, "card_id": card, "day_bytes": limit} for card, limit in ((1, None), (2, 0), (3, 7))]
    found = profiles_of(filled(rows, PROFILE), 0, 5, NOTHING, {})
    limits = np.asarray(found.span(limit_column("day_bytes", 99), np.arange(5)).low).tolist()
    assert limits == [0, 99, 0, 7, 0]


@pytest.mark.parametrize("most", [7, (1 << 53) - 1, (1 << 70) + 1])
def test_earlier_days_are_exact_or_between_two_ends(most: int) -> None:
    sums = pa.table({"card_id": pa.array([5], pa.uint32()), "e0": pa.array([Decimal(most)], pa.decimal128(38, 0))})
    span = profiles_of(
        table(4, 5), 4, 6, sums.set_column(1, "e0", sums["e0"].cast(pa.float64())), {"up": "e0"}
    ).earlier["up"]
    low, high = np.asarray(span.low).tolist(), np.asarray(span.high).tolist()
    assert low[1] <= most <= high[1]
    assert span.exact == (most < 1 << 53)
