from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.decode.civil_time import civil_seconds

PARTS = st.tuples(
    *(st.integers(*ends) for ends in ((1960, 2120), (0, 99), (0, 99), (0, 30), (0, 70), (0, 70))),
)


@given(st.lists(PARTS, min_size=1, max_size=50))
def test_seconds_are_those_of_the_calendar(moments: list[tuple[int, ...]]) -> None:
    seconds, there = civil_seconds(*np.array(moments, np.int64).T)
    for parts, found, exists in zip(moments, seconds.tolist(), there.tolist(), strict=True):
        year, month, day, hour, minute, second = parts
        try:
            expected = int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
        except ValueError:
            assert not exists
            continue
        assert exists == (1970 <= year < 2107)
        assert not exists or found == expected


def test_leap_days() -> None:
    year, month, day = (np.array(one) for one in ([2000, 2024, 2023, 2100], [2, 2, 2, 2], [29, 29, 29, 29]))
    noon = np.full(4, 12)
    assert civil_seconds(year, month, day, noon, noon, noon)[1].tolist() == [True, True, False, False]
