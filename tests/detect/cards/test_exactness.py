import pytest

from tallyward.detect.cards.exactness import decided, tells_exactly
from tests.detect.stretches import one_fault


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("svc = 'data'", True),
        ("up + dn > 5", True),
        ("imei <> imei_bound", True),
        ("up > 2.5", True),
        ("day_bytes > up", True),
        ("on_list(data_list, peer)", True),
        ("up * 0.3 > 1", False),
        ("day_bytes > 2.5", False),
        ("up * dn > 3", False),
    ],
)
def test_where_rounding_decides_the_rows_are_not_sure(text: str, exact: bool) -> None:
    assert decided(one_fault(record=text).record) is exact


@pytest.mark.parametrize(
    ("condition", "exact"),
    [
        ({"card": "sum(up + dn) > day_bytes"}, True),
        ({"card": "peak_sum(up + dn, 3) > day_bytes"}, True),
        ({"card": "span_km(cell) > 2.5"}, True),
        ({"card": "fixed = 1 AND max_peers - max_cells > 1"}, True),
        ({"card": "max_peers - month_bytes > 1"}, False),
        ({"card": "sum(up * 0.5) > 3"}, False),
        ({"card": "sum(up) * 1000 > 3"}, False),
        ({"record": "up * 0.3 > 1"}, False),
    ],
)
def test_what_rounding_may_decide_is_not_told_by_stage_one_alone(condition: dict[str, str], exact: bool) -> None:
    assert tells_exactly(one_fault(**condition)) is exact
