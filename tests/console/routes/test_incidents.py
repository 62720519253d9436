import pytest

from tests.console.house import CARD_A, House, incident_of


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 10),
        ("state=open", 10),
        ("state=resolved", 0),
        ("state=open&state=resolved", 10),
        ("rule=R1", 4),
        ("severity=high", 10),
        ("severity=low", 0),
        ("card=3", 2),
        ("area=CN-31", 8),
        ("area=XX", 0),
        ("assignee=", 10),
        ("assignee=root", 0),
        ("day=2026-03-02", 10),
        ("day=2026-03-03", 0),
        ("rule=R1&card=3", 1),
    ],
)
def test_filters(reading_house: House, query: str, number: int) -> None:
    rows = reading_house.signed_in("root").get(f"/api/v1/incidents?{query}").json()["rows"]
    assert len(rows) == number


def test_an_incident_says_why_what_shows_it_and_what_would_be_normal(reading_house: House) -> None:
    number = incident_of(reading_house, CARD_A)
    one = reading_house.signed_in("analyst-alpha").get(f"/api/v1/incidents/{number}").json()
    assert one["explanation"] == {
        "en": {"why": "It called.", "normal": "No call."},
        "zh-CN": {"why": "有通话。", "normal": "无通话。"},
    }
    assert one["measures"] == [{"name": "count(records)", "observed": "3", "limit": "0", "origin": "card"}]
    assert one["evidence"][0]["peer"] == "8613800000000"
    assert one["evidence"][0]["service"] == "voice"
    assert one["card"] == {"id": 1, "iccid": "89860010000000000M01", "msisdn": "86144000010001"}
    assert {event["event"]: event["reason_required"] for event in one["allowed_events"]} == {
        "acknowledge": False,
        "contain": False,
        "resolve": False,
        "mark_false_positive": True,
    }
    assert [(entry["kind"], entry["actor"]) for entry in one["history"]] == [("opened", "platform")]


def test_those_who_may_not_act_are_offered_nothing(reading_house: House) -> None:
    number = incident_of(reading_house, CARD_A)
    assert reading_house.signed_in("fleet-alpha").get(f"/api/v1/incidents/{number}").json()["allowed_events"] == []


def test_from_open_to_false_positive_and_back(house: House) -> None:
    client, address = house.signed_in("analyst-alpha"), f"/api/v1/incidents/{incident_of(house, CARD_A)}"
    assert client.post(f"{address}/events", json={"event": "acknowledge"}).json()["state"] == "acknowledged"
    done = client.post(f"{address}/events", json={"event": "mark_false_positive", "reason": "A test card."}).json()
    assert done["state"] == "false_positive"
    assert [event["event"] for event in done["allowed_events"]] == ["reopen"]
    last = done["history"][-1]
    assert (last["event"], last["before"], last["after"], last["text"], last["actor"]) == (
        "mark_false_positive",
        "acknowledged",
        "false_positive",
        "A test card.",
        "analyst-alpha",
    )
    seen = house.signed_in("fleet-alpha").get(address).json()
    assert seen["state"] == "false_positive"
    assert (seen["history"][-1]["actor"], seen["history"][-1]["text"]) == (None, "A test card.")
    assert client.post(f"{address}/events", json={"event": "reopen"}).json()["state"] == "open"


def test_assigning_and_handing_back(house: House) -> None:
    client, address = house.signed_in("analyst-alpha"), f"/api/v1/incidents/{incident_of(house, CARD_A)}"
    assert client.put(f"{address}/assignee", json={"name": "analyst-alpha"}).json()["assignee"] == "analyst-alpha"
    assert len(client.get("/api/v1/incidents?assignee=analyst-alpha").json()["rows"]) == 1
    assert house.signed_in("fleet-alpha").get(address).json()["assignee"] is None
    for nobody in ("analyst-bravo", "fleet-alpha", "ghost"):
        refused = client.put(f"{address}/assignee", json={"name": nobody})
        assert (refused.status_code, refused.json()["code"]) == (422, "console.assignee")
    assert client.put(f"{address}/assignee", json={"name": None}).json()["assignee"] is None


def test_comments_stay_in_the_house(house: House) -> None:
    address = f"/api/v1/incidents/{incident_of(house, CARD_A)}"
    told = house.signed_in("fleet-alpha").post(f"{address}/comments", json={"text": "Ours, on the roof."})
    assert told.status_code == 201
    assert told.json()["history"][-1]["text"] == "Ours, on the roof."
    assert "roof" not in house.signed_in("analyst-alpha").get(address).text
    assert "roof" in house.signed_in("root").get(address).text
