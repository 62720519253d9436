import time

from tests.console.fakes import DAY
from tests.console.house import House
from tests.detect.keeping import peers


def test_a_dry_run_tells_cards_and_evidence_once_it_is_done(house: House) -> None:
    root = house.signed_in("root")
    began = root.post("/api/v1/dry-runs", json={"text": peers(5).decode(), "since": DAY.isoformat()})
    assert began.status_code == 202, began.text
    for _ in range(500):
        told = root.get(f"/api/v1/dry-runs/{began.json()['id']}").json()
        if told["dry_run"]["progress"] != "running":
            break
        time.sleep(0.01)
    assert told["dry_run"]["progress"] == "done"
    assert (told["result"]["cards"], told["result"]["samples"][0]["card"]) == (1, 1)
    assert told["result"]["enterprises"][0]["enterprise"]["code"] == "alpha-fleet"


def test_people_of_one_of_several_operators_neither_start_nor_read_one(house: House) -> None:
    analyst = house.signed_in("analyst-alpha")
    body = {"text": peers(5).decode(), "since": DAY.isoformat()}
    for answer in (analyst.post("/api/v1/dry-runs", json=body), analyst.get("/api/v1/dry-runs/1")):
        assert (answer.status_code, answer.json()["code"]) == (403, "detect.rules_of_all")
    assert house.signed_in("fleet-alpha").get("/api/v1/dry-runs").status_code == 403
