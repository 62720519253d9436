from tests.console.house import House
from tests.detect.keeping import peers


def test_rules_in_force_in_both_languages(reading_house: House) -> None:
    rows = reading_house.signed_in("engineer-alpha").get("/api/v1/rules").json()["rows"]
    ids = [row["id"] for row in rows]
    assert ids[:7] == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert {"R0.unknown_card", "R0.unknown_cell", "R0.blind"} <= set(ids)
    for row in rows:
        assert row["severity"] in {"low", "medium", "high"}
        for text in (row["title"], row["description"]):
            assert text["en"] != text["zh-CN"], row["id"]
            assert not text["en"].startswith("detect."), row["id"]
    assert rows[0]["conditions"][0]["kind"] == "record"
    assert "svc" in rows[0]["conditions"][0]["text"]


def test_a_rule_is_checked_promoted_read_and_rolled_back(house: House) -> None:
    root = house.signed_in("root")
    wrong = root.post("/api/v1/rules/check", json={"text": "id: P1"}).json()
    assert (wrong["valid"], wrong["problems"][0]["line"]) == (False, 1)
    text = peers(5, "R6").decode()
    assert root.post("/api/v1/rules/check", json={"text": text}).json()["valid"]
    made = root.post("/api/v1/rules/promote", json={"text": text, "note": "why"})
    assert made.status_code == 201, made.text
    assert (made.json()["text"], made.json()["rule"]["source"]) == (text, "kept")
    sides = {"before": {"rule": "R6", "number": 0}, "after": {"text": text}}
    assert root.post("/api/v1/rules/diff", json=sides).json()["finds_the_same"] is False
    back = root.post("/api/v1/rules/R6/rollback", json={"to": 0}).json()
    assert [one["action"] for one in back["versions"]] == ["rollback", "promote"]
    assert root.get("/api/v1/rules/R6/versions/1").json()["text"] == text


def test_of_several_operators_no_analyst_promotes_and_a_holder_reads_no_text(house: House) -> None:
    answer = house.signed_in("analyst-alpha").post("/api/v1/rules/promote", json={"text": peers(5).decode()})
    assert (answer.status_code, answer.json()["code"]) == (403, "detect.rules_of_all")
    assert house.signed_in("fleet-alpha").get("/api/v1/rules/R6").status_code == 403
