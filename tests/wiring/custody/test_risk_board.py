from dataclasses import replace
from pathlib import Path

from tallyward.console.custody_risk import RiskRow
from tallyward.wiring.custody.risk_board import CustodyRiskBoard
from tallyward.wiring.custody.risk_log import RiskLog, told_finding
from tests.wiring.custody.test_incidents import IN_USE
from tests.wiring.custody.test_risk_log import REPORT


def test_what_was_judged_reaches_the_console_as_it_was_found(tmp_path: Path) -> None:
    log = RiskLog(tmp_path / "risk.json")
    assert CustodyRiskBoard(log).findings() == (None, ())
    log.keep(replace(REPORT, told=[told_finding(IN_USE, "8986", "OP")]))
    at, rows = CustodyRiskBoard(log).findings()
    assert at == REPORT.computed_at
    assert list(rows) == [RiskRow.of(IN_USE, "OP")]
