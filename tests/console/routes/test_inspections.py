import csv
import io

from tests.console.fakes import NOON
from tests.console.house import FLEET_A, FLEET_B, House


def listed(house: House, name: str) -> list[int]:
    answer = house.signed_in(name).get("/api/v1/inspections")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["rows"]]


def test_each_sees_the_inspections_with_cards_of_her_own(reading_house: House) -> None:
    assert listed(reading_house, "root") == listed(reading_house, "centre") == [2, 1]
    assert listed(reading_house, "analyst-alpha") == listed(reading_house, "fleet-alpha") == [1]
    assert listed(reading_house, "fleet-bravo") == [2, 1]
    assert reading_house.signed_in("engineer-alpha").get("/api/v1/inspections").status_code == 403


def test_an_inspection_sums_what_one_may_see(reading_house: House) -> None:
    whole = reading_house.signed_in("centre").get("/api/v1/inspections/1").json()
    part = reading_house.signed_in("fleet-alpha").get("/api/v1/inspections/1").json()
    assert (whole["inspection"]["joined"], whole["inspection"]["failed"], whole["notices_total"]) == (20, 2, 2)
    assert (part["inspection"]["joined"], part["inspection"]["in_use"]) == (10, 1)
    (row,) = part["notices"]
    assert (row["enterprise"]["code"], row["verdict"], row["share"], row["undated"]) == ("alpha-fleet", "below", 0.7, 2)
    assert row["real_name"] == {"none": 3, "requested": 0, "active": 7, "suspended": 0}


def test_a_notice_names_cards_and_how_long_they_wait(reading_house: House) -> None:
    found = reading_house.signed_in("analyst-alpha").get(f"/api/v1/inspections/1/enterprises/{FLEET_A}").json()
    assert [one["code"] for one in found["operators"]] == ["alpha-op"]
    (card,) = found["cards"]
    assert (card["card"], card["days"], card["in_use"], card["real_name"]) == (1, 0, True, "none")
    assert found["inspection"]["made_at"] == NOON.isoformat().replace("+00:00", "Z")


def test_files_are_kept_never_shown(reading_house: House) -> None:
    client = reading_house.signed_in("fleet-alpha")
    for path in ("/api/v1/inspections/1", f"/api/v1/inspections/1/enterprises/{FLEET_A}"):
        page = client.get(f"{path}/file.html", params={"language": "zh-CN"})
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "实名登记情况通报" in page.text
        assert "bravo" not in page.text.casefold()
        table = client.get(f"{path}/file.csv")
        assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
        assert len(rows) == 2
        assert len(rows[0]) == len(rows[1])


def test_the_notice_of_another_does_not_exist(reading_house: House) -> None:
    client = reading_house.signed_in("fleet-alpha")
    for path in ("", "/file.html", "/file.csv"):
        answer = client.get(f"/api/v1/inspections/1/enterprises/{FLEET_B}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "registry.no_inspection")
