import pytest

from tests.console.house import House


@pytest.mark.parametrize(
    ("query", "terminals"),
    [
        ("", [101, 102]),
        ("q=alpha-", [101]),
        ("q=4901", [101, 102]),
        ("access=nb-iot&usage=production&fixed=true", [101, 102]),
        ("access=5g", []),
        ("enterprise=bravo-fleet", [102]),
    ],
)
def test_filters(reading_house: House, query: str, terminals: list[int]) -> None:
    rows = reading_house.signed_in("root").get(f"/api/v1/terminals?{query}").json()["rows"]
    assert [row["id"] for row in rows] == terminals


def test_one_terminal(reading_house: House) -> None:
    terminal = reading_house.signed_in("engineer-alpha").get("/api/v1/terminals/101").json()
    assert terminal["home"] == {"latitude": 31.2, "longitude": 121.5}
    assert terminal["gateway"] is None
    assert terminal["holder"]["code"] == "alpha-fleet"
    assert terminal["bindings"] == [
        {
            "card": {"id": 1, "iccid": "89860010000000000M01"},
            "since": "2026-03-02T00:00:00Z",
            "until": None,
            "reason": "alpha sold",
        }
    ]


def test_a_terminal_that_is_judged_less_often_makes_its_card_so_unless_the_card_itself_is_faster(house: House) -> None:
    client = house.signed_in("analyst-alpha")
    changed = client.put("/api/v1/terminals/101/cadence", json={"cadence": "periodic"})
    assert (changed.status_code, changed.json()["cadence"]) == (200, "periodic")
    assert client.get("/api/v1/terminals/101").json()["cadence"] == "periodic"
    assert [row["id"] for row in client.get("/api/v1/terminals?cadence=periodic").json()["rows"]] == [101]
    assert client.get("/api/v1/cards/1").json()["effective_cadence"] == "live"
    client.put("/api/v1/cards/1/cadence", json={"cadence": "daily"})
    assert client.get("/api/v1/cards/1").json()["effective_cadence"] == "periodic"
    engineer = house.signed_in("engineer-alpha")
    assert engineer.put("/api/v1/terminals/101/cadence", json={"cadence": "live"}).status_code == 403
    assert house.signed_in("analyst-bravo").put(
        "/api/v1/terminals/101/cadence", json={"cadence": "live"}
    ).status_code in {
        403,
        404,
    }
