import pytest

from tallyward.console.custody_health import OwnNode, WitnessSeen
from tallyward.custody.receipt import parse
from tallyward.custody.verify_receipt import __doc__ as standalone
from tests.console import ledger
from tests.console.house import House
from tests.console.show.test_custody_health import SEEN

OWN, FOREIGN = ledger.iccid(1, 1), ledger.iccid(2, 2)


def test_an_operator_sees_its_part_and_the_centre_all(reading_house: House) -> None:
    part = reading_house.signed_in("analyst-alpha").get("/api/v1/custody").json()
    whole = reading_house.signed_in("centre").get("/api/v1/custody").json()
    assert (part["lots"], part["sees_all"], whole["lots"], whole["sees_all"]) == (1, False, 2, True)
    assert part["ledger"] == whole["ledger"]
    assert [one["seller"] for one in part["offers"]] == ["alpha-fleet"]
    assert whole["ledger"]["origin"] == ledger.ORIGIN


class Health:
    """An organisation's own node, as wiring would ask it."""

    def node(self) -> OwnNode:
        return OwnNode("alpha-op", SEEN)

    def witnesses(self) -> list[WitnessSeen]:
        return [WitnessSeen("w1", "00", 2, 1_000, {"en": "It is gone.", "zh-CN": "已失联。"})]


def test_who_validates_and_who_vouches_is_told_beside(house: House) -> None:
    client = house.signed_in("analyst-alpha")
    assert client.get("/api/v1/custody").json()["node"] is None  # an embedded ledger
    object.__setattr__(house.services, "custody_health", Health())
    found = client.get("/api/v1/custody").json()
    (witness,) = found["ledger"]["witnesses"]
    assert (witness["name"], witness["behind"]) == ("w1", found["ledger"]["size"] - 2)
    assert witness["problem"]["zh-CN"] == "已失联。"
    node = found["node"]
    assert node["member"] == "alpha-op"
    assert node["consensus"]["late"]
    assert [(one["member"], one["signed"]) for one in node["consensus"]["validators"]] == [("OP", True), ("", False)]


@pytest.mark.parametrize("name", ["fleet-alpha", "engineer-alpha"])
def test_the_ledger_as_a_whole_is_for_operators_and_the_centre(reading_house: House, name: str) -> None:
    for path in ("", "/lots", "/lots/LOT-ALPHA/holdings", "/breaks"):
        assert reading_house.signed_in(name).get(f"/api/v1/custody{path}").status_code == 403


def test_lots_and_holdings_by_pages(reading_house: House) -> None:
    client = reading_house.signed_in("root")
    first = client.get("/api/v1/custody/lots", params={"limit": 1}).json()
    second = client.get("/api/v1/custody/lots", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [row["id"] for row in first["rows"] + second["rows"]] == ["LOT-ALPHA", "LOT-BRAVO"]
    held = client.get("/api/v1/custody/lots/LOT-ALPHA/holdings").json()
    assert [(row["first"], row["last"], row["holder"]) for row in held["rows"]] == [
        (0, 1, "alpha-fleet"),
        (2, 2, "alpha-fleet"),
    ]


def test_a_fleet_owner_sees_the_chain_of_her_cards_and_of_no_other(reading_house: House) -> None:
    client = reading_house.signed_in("fleet-alpha")
    found = client.get(f"/api/v1/custody/cards/{OWN}/chain").json()
    assert [step["kind"] for step in found["chain"]["steps"]] == ["REGISTER_LOT", "OFFER", "ACCEPT"]
    assert found["chain"]["number"] == OWN
    for name, number in (("fleet-alpha", FOREIGN), ("fleet-bravo", OWN), ("analyst-alpha", FOREIGN)):
        answer = reading_house.signed_in(name).get(f"/api/v1/custody/cards/{number}/chain")
        assert (answer.status_code, answer.json()["code"]) == (404, "custody.number_unknown")
    assert client.get("/api/v1/custody/cards/LOT-ALPHA:0/chain").status_code == 404


def test_the_centre_follows_any_card_also_by_its_slot(reading_house: House) -> None:
    client = reading_house.signed_in("centre")
    by_slot = client.get("/api/v1/custody/cards/LOT-BRAVO:0/chain").json()["chain"]
    assert by_slot["steps"] == client.get(f"/api/v1/custody/cards/{FOREIGN}/chain").json()["chain"]["steps"]
    assert client.get("/api/v1/custody/cards/8986/chain").json() == {"begun": True, "chain": None}


def test_a_receipt_by_the_chain_of_a_card(reading_house: House) -> None:
    client = reading_house.signed_in("fleet-alpha")
    steps = client.get(f"/api/v1/custody/cards/{OWN}/chain").json()["chain"]["steps"]
    for step in steps:
        answer = client.get(f"/api/v1/custody/entries/{step['entry']}/receipt", params={"card": OWN})
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert answer.headers["Content-Disposition"].endswith(f'receipt-{step["entry"]}.tlog-proof"')
        assert parse(answer.text).holds
    assert standalone
    for params in ({}, {"card": OWN}, {"card": FOREIGN}):
        assert client.get("/api/v1/custody/entries/1/receipt", params=params).status_code == 404


def test_any_receipt_for_who_sees_all(reading_house: House) -> None:
    path = "/api/v1/custody/entries/{}/receipt"
    assert reading_house.signed_in("root").get(path.format(0)).status_code == 200
    assert reading_house.signed_in("admin-alpha").get(path.format(0)).status_code == 404
    answer = reading_house.signed_in("root").get(path.format(10**6))
    assert answer.json()["code"] == "custody.entry_unknown"


def test_broken_chains_of_ones_own(reading_house: House) -> None:
    own = reading_house.signed_in("analyst-alpha").get("/api/v1/custody/breaks").json()
    assert [row["name"] for row in own["rows"]] == ["LOT-ALPHA"]
    assert own["computed_at"]
    first = reading_house.signed_in("root").get("/api/v1/custody/breaks", params={"limit": 2}).json()
    assert len(first["rows"]) == 2
    rest = reading_house.signed_in("root").get("/api/v1/custody/breaks", params={"cursor": first["next_cursor"]})
    assert [row["name"] for row in rest.json()["rows"]] == ["LOT-BRAVO"]


def test_where_no_ledger_was_begun(house: House) -> None:
    object.__setattr__(house.services, "custody_door", lambda: None)
    object.__setattr__(house.services, "custody_risk", None)
    client = house.signed_in("analyst-alpha")
    assert client.get("/api/v1/custody").json()["ledger"] is None
    assert client.get(f"/api/v1/custody/cards/{OWN}/chain").json() == {"begun": False, "chain": None}
    assert client.get("/api/v1/custody/breaks").json() == {"rows": [], "next_cursor": None, "computed_at": None}
    assert client.get("/api/v1/custody/lots").json()["code"] == "custody.no_ledger"
