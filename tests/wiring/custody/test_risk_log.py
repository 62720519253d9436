"""The newest judgement, kept for every process."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallyward.custody.reconciliation import Difference, Reconciliation
from tallyward.custody.states import CardState
from tallyward.wiring.custody.risk_log import RiskCount, RiskLog, RiskReport, told_finding, told_reconciliation
from tests.wiring.custody.test_incidents import IN_USE

NOW = datetime(2026, 3, 3, 1, tzinfo=UTC)
DIFFERS = Reconciliation(
    "OP", 9, (Difference(CardState.HELD, 2, ("1",)), Difference(-1, 3, ())), Difference(CardState.ACTIVE, 1, ()), 0, 0
)
REPORT = RiskReport(
    NOW,
    100,
    50,
    7,
    6,
    1,
    [RiskCount("stock_in_use", "SHOP", 7)],
    [told_finding(IN_USE, "8986", "OP")],
    NOW,
    [told_reconciliation(DIFFERS)],
)


def test_what_is_kept_is_read_by_others_and_only_its_owner_may(tmp_path: Path) -> None:
    path = tmp_path / "risk.json"
    assert RiskLog(path).last() is None
    RiskLog(path).keep(REPORT)
    assert RiskLog(path).last() == REPORT
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["risk.json"]


def test_it_tells_findings_and_reconciliations_in_both_languages() -> None:
    (told,), (beside,) = REPORT.told, REPORT.reconciliations
    assert told.subject == {"kind": "card", "name": "LOT", "start": 7, "end": 8}
    assert (told.breaks, told.holder, told.action) == (["stock_in_use"], "SHOP", "stop_card")
    assert set(told.explanation) == set(beside.told) == {"en", "zh-CN"}
    assert (beside.agrees, beside.network_only, beside.ledger_only, len(beside.told["en"])) == (False, 5, 1, 3)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"computed_at": 1}', '{"computed_at": "x", "reconciled_at": null}']
)
def test_a_file_that_is_not_ours_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "risk.json").write_text(content)
    assert RiskLog(tmp_path / "risk.json").last() is None


def test_unknown_fields_of_a_newer_release_count_as_none(tmp_path: Path) -> None:
    RiskLog(tmp_path / "risk.json").keep(REPORT)
    kept = json.loads((tmp_path / "risk.json").read_text())
    (tmp_path / "risk.json").write_text(json.dumps({**kept, "newer": 1}))
    assert RiskLog(tmp_path / "risk.json").last() is None
