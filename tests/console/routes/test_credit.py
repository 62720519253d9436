from base64 import b64decode

from tallyward.custody.credit_statement import verify
from tests.console.fakes import NOON
from tests.console.house import House

CREDIT = "/api/v1/custody/credit"


def test_the_statement_is_the_answer_signed(reading_house: House) -> None:
    found = reading_house.signed_in("analyst-alpha").get(f"{CREDIT}/alpha-fleet").json()
    desk = reading_house.services.custody
    assert desk
    statement = verify(b64decode(found["statement"]), [desk.log.public], int(NOON.timestamp()))
    assert (statement.organisation, statement.score, statement.grade) == ("alpha-fleet", found["score"], found["grade"])
    assert found["may_know_who_asked"] is False
    assert (found["asker"], found["log_key"]) == ("alpha-op", desk.log.text())
    assert found["low"] <= found["score"] <= found["high"]


def test_a_fleet_owner_learns_her_own_and_an_operator_everybodys(house: House) -> None:
    fleet, operator = house.signed_in("fleet-alpha"), house.signed_in("analyst-alpha")
    assert fleet.get(f"{CREDIT}/alpha-fleet").json()["may_know_who_asked"] is True
    refused = fleet.get(f"{CREDIT}/bravo-fleet")
    assert (refused.status_code, refused.json()["code"]) == (403, "custody.look_up_forbidden")
    assert operator.get(f"{CREDIT}/bravo-fleet").status_code == 200
    noted = house.signed_in("centre").get(f"{CREDIT}/bravo-fleet/look-ups").json()["rows"]
    assert [(row["asker"], row["ground"]) for row in noted] == [("alpha-op", "operator")]


def test_who_asked_is_told_to_the_organisation_itself(house: House) -> None:
    house.signed_in("centre").get(f"{CREDIT}/alpha-fleet")
    own = house.signed_in("fleet-alpha").get(f"{CREDIT}/alpha-fleet/look-ups").json()["rows"]
    assert [(row["asker"], row["ground"]) for row in own] == [("centre", "regulator")]
    for name in ("fleet-bravo", "analyst-alpha"):
        assert house.signed_in(name).get(f"{CREDIT}/alpha-fleet/look-ups").status_code == 403


def test_of_several_each_is_told_or_why_not(house: House) -> None:
    wish = {"organisations": ["alpha-fleet", "bravo-fleet", "nobody"]}
    rows = house.signed_in("fleet-alpha").post(CREDIT, json=wish).json()["rows"]
    assert [row["refused"] for row in rows] == [None, "custody.look_up_forbidden", "custody.member_unknown"]
    assert rows[0]["credit"]["organisation"] == "alpha-fleet"
    assert rows[1]["reason"]["zh-CN"]


def test_about_whom_one_may_ask_without_asking(house: House) -> None:
    own = house.signed_in("fleet-alpha").get(CREDIT).json()
    assert own["asker"] == "alpha-fleet"
    assert {row["organisation"] for row in own["rows"]} == {"alpha-fleet", "alpha-shop"}
    assert len(house.signed_in("centre").get(CREDIT).json()["rows"]) == 7
    assert house.services.custody
    assert house.services.custody.look_ups("alpha-fleet") == []


def test_who_is_of_no_organisation_and_where_no_ledger_is(house: House) -> None:
    client = house.signed_in("root")  # of none, and there are two operators
    assert client.get(CREDIT).json() == {"begun": True, "asker": None, "rows": []}
    assert client.get(f"{CREDIT}/alpha-fleet").json()["code"] == "console.no_organisation"
    object.__setattr__(house.services, "custody_door", lambda: None)
    assert client.get(CREDIT).json()["begun"] is False
    assert client.get(f"{CREDIT}/alpha-fleet").json()["code"] == "custody.no_ledger"
