from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tallyward.incidents.adapters.row_values import from_micros, to_micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers(0, 250_000_000_000_000_000))
def test_moments_keep_their_microseconds(micros: int) -> None:
    moment = EPOCH + timedelta(microseconds=micros)
    assert to_micros(moment) == micros
    assert from_micros(micros) == moment
