from typing import Any

import pytest

from tests.console.fakes import DAY
from tests.console.house import House


def asked(house: House, name: str, path: str, **query: str) -> dict[str, Any]:
    answer = house.signed_in(name).get(f"/api/v1/statistics/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_cards_are_those_one_may_see(reading_house: House) -> None:
    for name, total in (("root", 6), ("centre", 6), ("analyst-alpha", 3), ("fleet-bravo", 3)):
        found = asked(reading_house, name, "cards")
        assert (found["total"], found["undated"], found["joined"]) == (total, total, 0)
        assert found["until"] == DAY.isoformat()
        assert sum(row["cards"] for row in found["by_class"]) == total
        assert sum(row["cards"] for row in found["by_area"]) == total
    assert asked(reading_house, "analyst-alpha", "cards", operator="beta-op")["total"] == 0
    assert len(asked(reading_house, "root", "cards", step="month")["joined_by_step"]) == 2  # 1 February to 2 March


def test_incidents_are_those_one_may_see(reading_house: House) -> None:
    for name, new in (("root", 10), ("analyst-alpha", 5), ("fleet-bravo", 4)):
        found = asked(reading_house, name, "incidents")
        assert found["total"]["new"] == found["total"]["open"] == new
        assert found["by_day"][-1] == {"day": DAY.isoformat(), "new": new, "closed": 0}
        assert len(found["by_day"]) == 30
        assert sum(row["new"] for row in found["by_rule"]) == new
    of_class = asked(reading_house, "root", "incidents", card_class="meter", area="CN-31", operator="alpha-op")
    assert of_class["total"]["new"] == 4
    assert asked(reading_house, "root", "incidents", since="2026-03-02", until="2026-03-02")["total"]["new"] == 10


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"operator": "nobody"}, "console.enterprise_unknown"),
        ({"card_class": "nothing"}, "console.class_unknown"),
        ({"area": "nowhere"}, "console.area_unknown"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "registry.period"),
        ({"since": "2024-01-01", "until": "2026-03-01"}, "console.statistics_period"),
        ({"until": "0001-01-05"}, "console.statistics_period"),
        ({"since": "1960-01-01", "until": "1960-02-01"}, "console.statistics_period"),
    ],
)
def test_what_cannot_be_asked(reading_house: House, query: dict[str, str], code: str) -> None:
    for path in ("cards", "incidents"):
        answer = reading_house.signed_in("root").get(f"/api/v1/statistics/{path}", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
