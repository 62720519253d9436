from tallyward.kernel.errors import UnavailableError
from tallyward.records.intake_state import Behind, IntakeKind, IntakeState, Standing
from tests.console.fakes import NOON
from tests.console.house import OPERATOR_A, OPERATOR_B, House


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
        "duplicates": 0,
        "late": 0,
        "out_of_order": 0,
    }


def test_intakes_are_told_to_whose_records_they_bring(reading_house: House) -> None:
    stopped = UnavailableError("records.disk_low", free=3, floor=512)
    for operator in (OPERATOR_A, OPERATOR_B, None):
        standing = Standing(IntakeKind.DROP, f"/drop/{operator}", "msc", reading_house.clock, _Board(reading_house))
        if operator:
            standing.belongs_to(operator)
        standing.stops(stopped, Behind(4, 400, NOON))
    try:
        for name, seen in (("root", 3), ("analyst-alpha", 1), ("analyst-bravo", 1)):
            rows = reading_house.signed_in(name).get("/api/v1/intakes").json()["rows"]
            assert len(rows) == seen
        (row,) = reading_house.signed_in("analyst-alpha").get("/api/v1/intakes").json()["rows"]
        assert (row["doing"], row["place"], row["waiting"], row["waiting_bytes"]) == (
            "stopped",
            f"/drop/{OPERATOR_A}",
            4,
            400,
        )
        assert (row["reason_code"], row["oldest_at"]) == ("records.disk_low", "2026-03-02T12:00:00Z")
        assert "3 MB" in row["reason"]["en"]
        assert row["next_step"]["zh-CN"] != row["next_step"]["en"]
        told = reading_house.signed_in("root").get("/metrics").text
        assert 'tallyward_intake_stopped{intake="drop",reason="records.disk_low"} 1.0' in told
        assert 'tallyward_intake_waiting{intake="drop"} 4.0' in told
    finally:
        reading_house.intakes.now.clear()


class _Board:
    def __init__(self, house: House) -> None:
        self._now = house.intakes.now
        self._place = len(house.intakes.now)

    def show(self, state: IntakeState) -> None:
        self._now[self._place :] = [state]
