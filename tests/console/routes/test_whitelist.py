from datetime import timedelta

from tests.console.fakes import NOON
from tests.console.house import CARD_A, CARD_B, House

UNTIL = (NOON + timedelta(days=9)).isoformat()


def wish(card: int, operator: int) -> dict[str, str]:
    iccid = f"898600{operator}0000000000M{card:02d}"
    return {"rule": "R1", "reach": "card", "target": iccid, "reason": "trial", "until": UNTIL}


def test_an_analyst_adds_and_takes_back_and_the_holder_reads_it(house: House) -> None:
    analyst, fleet = house.signed_in("analyst-alpha"), house.signed_in("fleet-alpha")
    added = analyst.post("/api/v1/whitelist", json=wish(CARD_A, 1))
    assert added.status_code == 201, added.text
    assert added.json()["standing"] == "valid"
    (seen,) = fleet.get("/api/v1/whitelist").json()["rows"]
    assert (seen["name"], seen["author"]) == (added.json()["name"], None)
    assert house.signed_in("analyst-bravo").get("/api/v1/whitelist").json()["rows"] == []
    number = added.json()["id"]
    assert house.signed_in("analyst-bravo").delete(f"/api/v1/whitelist/{number}").status_code == 404
    assert fleet.delete(f"/api/v1/whitelist/{number}").status_code == 403
    assert analyst.delete(f"/api/v1/whitelist/{number}").json()["standing"] == "removed"


def test_a_card_of_another_tenant_is_unknown(house: House) -> None:
    answer = house.signed_in("analyst-alpha").post("/api/v1/whitelist", json=wish(CARD_B, 2))
    assert (answer.status_code, answer.json()["code"]) == (404, "detect.whitelist_target")
