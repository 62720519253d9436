import pytest

from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.paging import PageRequest
from tests.console.fakes import DAY, DAY_TS, record
from tests.console.house import CARD_A, FLEET_A, House


@pytest.mark.parametrize(
    ("query", "cards"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("q=8986001", [1, 3, 5]),
        ("q=8986003", []),
        ("q=%2B86144000010003", [3]),
        ("q=46000200000000", [2, 4, 6]),
        ("enterprise=alpha-fleet", [1, 3, 5]),
        ("enterprise=nobody", []),
        ("card_class=meter&real_name=active&fixed=true", [1, 2, 3, 4, 5, 6]),
        ("real_name=suspended", []),
        ("fixed=false", []),
        ("area=CN-31", [1, 2, 3, 4, 5, 6]),
        ("area=XX", []),
        ("with_incidents=true&enterprise=bravo-fleet", [2, 4]),
    ],
)
def test_filters(reading_house: House, query: str, cards: list[int]) -> None:
    rows = reading_house.signed_in("root").get(f"/api/v1/cards?{query}").json()["rows"]
    assert [row["id"] for row in rows] == cards


def test_a_row_names_its_numbers(reading_house: House) -> None:
    row = reading_house.signed_in("fleet-alpha").get("/api/v1/cards?limit=1").json()["rows"][0]
    assert row == {
        "id": 1,
        "iccid": "89860010000000000M01",
        "imsi": "460001000000001",
        "msisdn": "86144000010001",
        "card_class": {"id": 1, "code": "meter", "title": {"en": "Meter", "zh-CN": "抄表"}},
        "holder": {"id": 11, "code": "alpha-fleet", "name": "Alpha-Fleet"},
        "operator": {"id": 1, "code": "alpha-op", "name": "Alpha-Op"},
        "real_name": "active",
        "fixed": True,
        "roaming": False,
        "home_area": {"code": "CN-31", "title": {"en": "Shanghai", "zh-CN": "上海"}},
        "cadence": "live",
        "incidents_open": 2,
    }


def test_one_card_says_limits_functions_bindings_incidents_and_use(reading_house: House) -> None:
    card = reading_house.signed_in("analyst-alpha").get("/api/v1/cards/1").json()
    assert {(one["name"], one["value"], one["origin"]) for one in card["limits"]} == {
        ("day_bytes", 1_000_000, "class"),
        ("month_bytes", None, None),
        ("max_peers", 9, "card"),
        ("max_cells", None, None),
        ("max_imeis", None, None),
    }
    assert card["functions"] == [
        {
            "service": "data",
            "mode": "directed",
            "list": {"code": "alpha-list", "entries": 2, "first": card["functions"][0]["list"]["first"]},
            "used_today": 10,
        },
        {"service": "sms", "mode": "open", "list": None, "used_today": 2},
        {"service": "voice", "mode": "none", "list": None, "used_today": 0},
    ]
    assert sorted(card["functions"][0]["list"]["first"]) == ["10.55.0.0/16", "alpha.iot"]
    assert [(one["terminal"]["serial"], one["reason"], one["until"]) for one in card["bindings"]] == [
        ("alpha-101", "alpha sold", None)
    ]
    assert [one["rule"] for one in card["incidents"]] == ["R2", "R1"]
    assert card["usage"] == {
        "day": "2026-03-02",
        "records": 12,
        "bytes": 18_000,
        "peers": 4,
        "cells": 1,
        "imeis": 1,
        "by_hour": [5, 6, 1] + [0] * 21,
        "complete": True,
    }


def test_use_of_another_day_and_of_a_busy_one(house: House) -> None:
    client = house.signed_in("analyst-alpha")
    assert client.get("/api/v1/cards/1?day=2026-03-01").json()["usage"]["records"] == 0
    house.records.of_card[CARD_A, DAY] = [record(DAY_TS + number, "10.55.0.1", row=number) for number in range(6000)]
    usage = client.get("/api/v1/cards/1").json()["usage"]
    assert (usage["records"], usage["complete"]) == (5000, False)


def test_records_are_read_by_few_and_each_reading_is_written_down(house: House) -> None:
    address = "/api/v1/cards/1/records?day=2026-03-02"
    for name in ("fleet-alpha", "engineer-alpha", "centre"):
        assert house.signed_in(name).get(address).status_code == 403
    answer = house.signed_in("analyst-alpha").get(address).json()
    assert answer["rows"][0] == {
        "at": "2026-03-02T00:10:00Z",
        "service": "data",
        "duration_s": 60,
        "bytes_up": 1000,
        "bytes_down": 500,
        "peer": "10.55.0.1",
        "imei": "490154203237518",
        "cell": "460-00-4321-10",
        "area": {"code": "CN-31", "title": {"en": "Shanghai", "zh-CN": "上海"}},
        "quality": [],
    }
    entries = house.audit.page(PLATFORM.scope, PageRequest(50), subject="card 1").rows
    assert [(one.actor, one.action, one.enterprise, dict(one.detail)) for one in entries] == [
        ("analyst-alpha", "record.read", FLEET_A, {"day": "2026-03-02"})
    ]


def test_records_of_a_card_of_others_are_not_even_looked_for(house: House) -> None:
    refused = house.signed_in("analyst-alpha").get("/api/v1/cards/2/records?day=2026-03-02")
    assert refused.status_code == 404
    assert house.audit.page(PLATFORM.scope, PageRequest(50), subject="card 2").rows == ()


def test_classes(reading_house: House) -> None:
    rows = reading_house.signed_in("fleet-alpha").get("/api/v1/card-classes").json()["rows"]
    assert [row["code"] for row in rows] == ["meter"]


def test_an_analyst_changes_how_soon_a_card_is_judged_and_others_may_not(house: House) -> None:
    client = house.signed_in("analyst-alpha")
    card = client.get("/api/v1/cards/1").json()
    assert (card["cadence"], card["effective_cadence"]) == ("live", "live")
    changed = client.put("/api/v1/cards/1/cadence", json={"cadence": "daily"})
    assert (changed.status_code, changed.json()["cadence"]) == (200, "daily")
    card = client.get("/api/v1/cards/1").json()
    assert (card["cadence"], card["effective_cadence"]) == ("daily", "live"), "its terminal is judged live"
    assert [row["id"] for row in client.get("/api/v1/cards?cadence=daily").json()["rows"]] == [1]
    assert client.put("/api/v1/cards/1/cadence", json={"cadence": "hourly"}).status_code == 422
    for name, status in (("fleet-alpha", 403), ("analyst-bravo", 404)):
        other = house.signed_in(name)
        assert other.put("/api/v1/cards/1/cadence", json={"cadence": "live"}).status_code == status
    newest = house.signed_in("root").get("/api/v1/audit?subject=card 1").json()["rows"][0]
    assert (newest["action"], newest["detail"]["before"]) == ("registry.set_cadence", "live")
