from tests.console.house import House


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
