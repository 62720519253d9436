from tests.console.house import House


def test_sources_and_quarantine_of_the_own_operator(reading_house: House) -> None:
    for name, sources, rows in (
        ("root", ["alpha-files", "bravo-files"], [8, 7, 6, 5, 4, 3, 2, 1]),
        ("analyst-alpha", ["alpha-files"], [7, 5, 3, 1]),
        ("analyst-bravo", ["bravo-files"], [8, 6, 4, 2]),
    ):
        client = reading_house.signed_in(name)
        assert [row["name"] for row in client.get("/api/v1/sources").json()["rows"]] == sources
        assert [row["id"] for row in client.get("/api/v1/quarantine").json()["rows"]] == rows


def test_a_quarantined_record_says_where_and_why_in_both_languages(reading_house: House) -> None:
    row = reading_house.signed_in("analyst-alpha").get("/api/v1/quarantine?limit=1&source=1").json()["rows"][0]
    assert (row["name"], row["record_index"], row["offset"], row["field"]) == ("alpha.csv", 3, 120, "imsi")
    assert row["reason"]["en"] != row["reason"]["zh-CN"]
    assert row["next_step"]["en"]


def test_a_source_says_how_fresh_it_is(reading_house: House) -> None:
    row = reading_house.signed_in("root").get("/api/v1/sources").json()["rows"][1]
    assert row == {
        "id": 2,
        "name": "bravo-files",
        "operator": {"id": 2, "code": "beta-op", "name": "Beta-Op"},
        "format": "csv",
        "last_at": "2026-03-02T12:00:00Z",
        "newest_at": "2026-03-02T01:00:00Z",
        "files": 3,
        "records": 40,
        "refused": 2,
        "quarantined": 1,
    }
