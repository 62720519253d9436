from datetime import UTC, datetime

from tallyward.kernel.ids import SourceId
from tallyward.records.model import Format
from tallyward.records.ports import Intake, no_step


def test_an_intake_reports_what_it_gathered() -> None:
    intake = Intake(
        5, SourceId(2), "a.csv", "offset", Format.CSV, datetime(2026, 3, 1, tzinfo=UTC), records=3, refused=1
    )
    report = intake.report()
    assert (report.intake, report.records, report.refused, report.duplicate) == (5, 3, 1, False)
    assert intake.report(duplicate=True).duplicate


def test_nothing_happens_between_steps() -> None:
    no_step("anything")
