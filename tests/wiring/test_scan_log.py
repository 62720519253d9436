from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tallyward.detect.service import Coverage, ScanReport
from tallyward.kernel.clock import FixedClock
from tallyward.wiring.scan_log import ScanLog

NOW = FixedClock(datetime(2026, 3, 3, 1, 2, 3, tzinfo=UTC))
REPORT = ScanReport(
    day=date(2026, 3, 2),
    findings=(),
    coverage=Coverage(10, 10, 1, 100, 99, 1),
    rules_version="r",
    manifest_version=1,
    profile_version=1,
    seconds=0.1,
    cpu_seconds=0.1,
    candidates=0,
    unjudged=(),
)


def test_another_process_reads_what_one_has_kept(tmp_path: Path) -> None:
    path = tmp_path / "last.json"
    assert ScanLog(path, NOW).last() is None
    ScanLog(path, NOW).keep(REPORT, 3)
    last = ScanLog(path, NOW).last()
    assert last is not None
    assert (last.day, last.at, last.records_used, last.complete) == (date(2026, 3, 2), NOW.now(), 99, True)
    assert last.whitelisted == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"day": "2026-03-02"}', '{"day": 1, "at": 2}'])
def test_a_file_that_is_not_ours_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "last.json").write_text(content)
    assert ScanLog(tmp_path / "last.json", NOW).last() is None
