import pytest

from tallyward.console.paging import by_id
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.paging import encode_cursor
from tests.console.house import House


def test_a_cursor_of_one_number_is_the_only_one() -> None:
    assert by_id(encode_cursor((7,)), 3).after == (7,)
    assert by_id(None, 3).after is None
    with pytest.raises(InvalidError):
        by_id(encode_cursor(("7",)), 3)


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("cards?", 3),
        ("incidents?", 5),
        ("quarantine?", 4),
        ("cards?with_incidents=true&", 2),
        ("cards/1/records?day=2026-03-02&", 12),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_of_any_size_join_to_the_same_list(reading_house: House, path: str, total: int, limit: int) -> None:
    client = reading_house.signed_in("analyst-alpha")
    whole = client.get(f"/api/v1/{path}limit=500").json()["rows"]
    assert len(whole) == total
    rows, cursor = [], None
    for _ in range(total + 1):
        page = client.get(f"/api/v1/{path}limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json()
        assert len(page["rows"]) <= limit
        rows += page["rows"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert rows == whole
    assert cursor is None
