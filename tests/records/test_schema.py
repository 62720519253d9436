import math

from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.schema import TAG_SHIFT, TILE_KM, UNKNOWN_CELL_BASE, USAGE, PeerTag, SubscriberTag, tile_of

PLACES = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


def test_every_column_is_of_fixed_width_and_never_null() -> None:
    assert all(field.type.bit_width <= 64 and not field.nullable for field in USAGE)
    assert USAGE.names[:2] == ["card_id", "ts"]


def test_tags_leave_room_for_the_longest_number() -> None:
    assert max(*PeerTag, *SubscriberTag) < 1 << (64 - TAG_SHIFT)
    assert 1 << TAG_SHIFT > 10**15
    assert UNKNOWN_CELL_BASE < 1 << 32


@given(PLACES, PLACES)
def test_tiles_never_make_a_distance_too_short(one: tuple[float, float], other: tuple[float, float]) -> None:
    (x1, y1), (x2, y2) = tile_of(*one), tile_of(*other)
    north = abs(one[0] - other[0]) * 111.195
    widest = abs(one[1] - other[1]) * 111.195 * math.cos(math.radians(min(abs(one[0]), abs(other[0]))))
    assert (abs(y1 - y2) + 1) * TILE_KM >= north
    assert (abs(x1 - x2) + 1) * TILE_KM >= widest
