from datetime import UTC, date, datetime

from tallyward.console.show.dry_runs import dry_run_row
from tallyward.detect.dry_runs import Progress, Trying
from tallyward.detect.kept_rules import read_rule
from tests.detect.keeping import peers


def test_a_row_tells_how_far_it_is() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    row = dry_run_row(Trying(1, read_rule(peers(5)), (date(2026, 3, 2),), "ann", at, Progress.RUNNING, 0.25))
    assert (row.rule, row.progress, row.share, row.problem) == ("P1", "running", 0.25, None)
