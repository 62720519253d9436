from datetime import UTC, datetime

from tallyward.kernel.ids import SourceId
from tallyward.records.model import Format
from tallyward.records.ports import Directory, Intake, no_step
from tests.records.fake_directory import FakeDirectory


def test_an_intake_reports_what_it_gathered() -> None:
    intake = Intake(
        5, SourceId(2), "a.csv", "offset", Format.CSV, datetime(2026, 3, 1, tzinfo=UTC), records=3, refused=1
    )
    report = intake.report()
    assert (report.intake, report.records, report.refused, report.duplicate) == (5, 3, 1, False)
    assert intake.report(duplicate=True).duplicate


def test_the_fake_registry_has_the_shape_of_the_real_one() -> None:
    directory: Directory = FakeDirectory()
    assert directory.version == 1
    no_step("anything")
