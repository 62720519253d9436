"""Stock is reported by a command; who is late is found."""

from datetime import timedelta
from pathlib import Path

import pytest

from tallyward.custody.circulation_rules import shipped
from tallyward.kernel.clock import FixedClock, SystemClock
from tests.cli.custody_chain import Ledger

RULES = Path(__file__).parents[2] / "src/tallyward/custody/policies/cn-2019-chain.toml"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    found = FixedClock(SystemClock().now())
    for room in ("wiring.custody.ledger", "wiring.platform"):
        monkeypatch.setattr(f"tallyward.{room}.SystemClock", lambda: found)
    return found


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock) -> Ledger:
    """Ten cards of a lot whose rules ask for a report a week are a reseller's."""
    assert shipped("cn-2019-chain").report_every == 0
    rules = tmp_path / "weekly.toml"
    text = RULES.read_text(encoding="utf-8").replace("report_every_seconds = 0", "report_every_seconds = 604_800")
    rules.write_text(text.replace('id = "cn-2019-chain"', 'id = "weekly"'), encoding="utf-8")
    found = Ledger(tmp_path, capsys)
    found.said("begin", "--origin", "x", "--operator", "OP", "--regulator", "REG", "--rules", str(rules))
    found.members()
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join(f"898600{at:014}" for at in range(20)), encoding="ascii")
    found.said("register", "L1", str(numbers), "--as", "OP", "--rules", "weekly")
    found.sell("OP", "RES", "L1:0-9")
    return found


def due(ledger: Ledger) -> dict[str, str | None]:
    members: list[dict[str, str | None]] = ledger.told("show")["members"]  # type: ignore[assignment]
    return {str(one["member"]): one["report_due"] for one in members}


def counted(ledger: Ledger, text: str) -> str:
    path = ledger.home / "counted.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def late(ledger: Ledger) -> list[dict[str, object]]:
    told: list[dict[str, object]] = ledger.told("risk")["told"]  # type: ignore[assignment]
    return [one for one in told if one["breaks"] == ["report_overdue"]]


def test_a_report_is_due_then_late_then_made(ledger: Ledger, clock: FixedClock) -> None:
    week = timedelta(days=7)
    begun = clock.now()
    assert {name for name, day in due(ledger).items() if day} == {"RES"}
    assert due(ledger)["RES"] == f"{begun + week:%Y-%m-%d}"
    assert late(ledger) == []
    clock.set(begun + week + timedelta(hours=1))
    (found,) = late(ledger)
    assert (found["holder"], found["operator"], found["action"]) == ("RES", "OP", "report_stock")
    assert found["facts"] == {"expires": int((begun + week).timestamp()), "cards": 10}
    assert found["entries"]
    assert "report of stock is over the deadline" in ledger.said("risk")
    assert late(ledger)[0] == found
    ledger.said("report", counted(ledger, "lot,cards\nL1,4\nL1,5\n"), "--as", "RES")
    assert "1 too few" in ledger.aside
    assert late(ledger) == []
    assert due(ledger)["RES"] == f"{clock.now() + week:%Y-%m-%d}"
    clock.set(clock.now() + week + timedelta(hours=1))
    (again,) = late(ledger)
    assert set(again["facts"]) == {"expires", "cards", "last_report"}  # type: ignore[call-overload]
    assert len(again["entries"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "lot\nL1\n", "lot,cards\nL1,-1\n", "lot,cards\nL1,\n", f"lot,cards\nL1,{'9' * 30}\n"]
)
def test_a_count_that_is_none_names_its_line(ledger: Ledger, text: str) -> None:
    assert "counts_form" in ledger.refused("report", counted(ledger, text), "--as", "RES")


def test_who_holds_no_stock_by_kind_reports_none(ledger: Ledger) -> None:
    assert "role_forbidden" in ledger.refused("report", counted(ledger, "lot,cards\nL1,10\n"), "--as", "OP")
    assert "lot_unknown" in ledger.refused("report", counted(ledger, "lot,cards\nL9,10\n"), "--as", "RES")
