import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.dry_runs import KEPT, DryRuns, Progress, Trying
from tallyward.detect.kept_rules import read_rule
from tallyward.detect.service import Coverage, ScanReport
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import InvalidError, NotFoundError, TooOftenError, UnavailableError
from tallyward.kernel.ids import CardId
from tests.detect.keeping import peers
from tests.incidents.making import make_finding

DAY = date(2026, 3, 2)
DAYS = [DAY - timedelta(days=1), DAY]
CLOCK = FixedClock(datetime(2026, 3, 3, tzinfo=UTC))


class Records:
    """Finds a card of each peer limit on every day; waits in the middle of a day until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.wrong: Exception | None = None

    def scan_with(self, book: RuleBook) -> "Scan":
        return Scan(self, book)


class Scan:
    def __init__(self, records: Records, book: RuleBook) -> None:
        self._records, self._book = records, book

    def run(self, day: date, *, progress: Callable[[int, int], None]) -> ScanReport:
        progress(1, 2)
        assert self._records.go_on.wait(20)
        if self._records.wrong:
            raise self._records.wrong
        progress(2, 2)
        findings = tuple(
            make_finding(int(rule.limits["most_peers"]), rule.id, version=rule.version, day=day)
            for rule in self._book.rules
        )
        return ScanReport(day, findings, Coverage(9, 9, 0, 50, 50, 0), self._book.version, 1, 1, 0.5, 0.25, 1, ())


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def dry_runs(records: Records) -> Iterator[DryRuns]:
    made = DryRuns(records.scan_with, lambda: DAYS, lambda: RuleBook.of([read_rule(peers(3))]), CLOCK)
    yield made
    records.go_on.set()
    made.close()


def ended(dry_runs: DryRuns, number: int) -> Trying:
    for _ in range(1000):
        known = dry_runs.one(number)
        if known.progress is not Progress.RUNNING:
            return known
        time.sleep(0.01)
    raise AssertionError("it goes on")


def test_cards_of_each_day_cost_and_the_difference_to_the_text_in_use_are_told(dry_runs: DryRuns) -> None:
    began = dry_runs.start(PLATFORM, peers(5), DAYS[0], None)
    assert (began.progress, began.days, began.author) == (Progress.RUNNING, tuple(DAYS), "platform")
    done = ended(dry_runs, began.number)
    assert (done.progress, done.share) == (Progress.DONE, 1.0)
    assert done.found is not None
    run, differing = done.found.run, done.found.differing
    assert (set(run.cards[done.rule.id]), run.findings(done.rule.id)) == ({CardId(5)}, 2)
    assert (run.records, run.seconds, run.cpu_seconds) == (100, 1.0, 0.5)
    assert run.samples[done.rule.id][0].evidence
    assert differing is not None
    assert differing.both == 0
    assert (differing.only_tried, differing.only_loaded) == (frozenset({CardId(5)}), frozenset({CardId(3)}))


def test_a_text_that_finds_the_same_is_not_run_twice(dry_runs: DryRuns) -> None:
    done = ended(dry_runs, dry_runs.start(PLATFORM, peers(3, title="other words"), DAY, DAY).number)
    assert done.found is not None
    assert (done.found.differing, done.found.in_use.days) == (None, ())


def test_how_far_it_is_is_told_while_it_goes_on_and_a_second_one_has_to_wait(
    dry_runs: DryRuns, records: Records
) -> None:
    records.go_on.clear()
    first = dry_runs.start(PLATFORM, peers(5), DAY, DAY).number
    for _ in range(1000):
        if dry_runs.one(first).share:
            break
        time.sleep(0.01)
    assert dry_runs.one(first).share == 0.25, "half of the day, and the text in use is to be run after it"
    with pytest.raises(TooOftenError, match=r"detect\.dry_run_goes_on"):
        dry_runs.start(PLATFORM, peers(6), DAY, DAY)
    records.go_on.set()
    ended(dry_runs, first)
    assert dry_runs.start(PLATFORM, peers(6), DAY, DAY).number == first + 1


def test_a_person_ends_it_and_it_stays_ended(dry_runs: DryRuns, records: Records) -> None:
    records.go_on.clear()
    number = dry_runs.start(PLATFORM, peers(5), DAY, DAY).number
    assert dry_runs.cancel(number).progress is Progress.CANCELLED
    records.go_on.set()
    dry_runs.close()
    known = dry_runs.one(number)
    assert (known.progress, known.found) == (Progress.CANCELLED, None)
    assert dry_runs.cancel(number) == known


def test_one_that_is_ended_does_not_end_the_next(dry_runs: DryRuns, records: Records) -> None:
    records.go_on.clear()
    first = dry_runs.start(PLATFORM, peers(5), DAY, DAY).number
    while not dry_runs.one(first).share:  # until it reads the records
        time.sleep(0.01)
    dry_runs.cancel(first)
    with pytest.raises(TooOftenError, match=r"detect\.dry_run_goes_on"):
        dry_runs.start(PLATFORM, peers(6), DAY, DAY)
    records.go_on.set()
    dry_runs.close()
    assert ended(dry_runs, dry_runs.start(PLATFORM, peers(6), DAY, DAY).number).progress is Progress.DONE


def test_it_ends_by_itself_when_it_takes_too_long(records: Records) -> None:
    hasty = DryRuns(records.scan_with, lambda: DAYS, lambda: RuleBook.of([]), CLOCK, longest_seconds=0)
    known = ended(hasty, hasty.start(PLATFORM, peers(5), DAY, DAY).number)
    assert (known.progress, known.found) == (Progress.TOO_LONG, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(UnavailableError("detect.engine", problem="no room"), "detect.engine"), (OSError(5), "detect.dry_run_broken")],
)
def test_what_goes_wrong_is_told(dry_runs: DryRuns, records: Records, wrong: Exception, code: str) -> None:
    records.wrong = wrong
    known = ended(dry_runs, dry_runs.start(PLATFORM, peers(5), DAY, DAY).number)
    assert known.progress is Progress.FAILED
    assert known.refusal is not None
    assert known.refusal.code == code


def test_a_wrong_text_and_days_without_records_are_refused_before_it_begins(dry_runs: DryRuns) -> None:
    with pytest.raises(InvalidError, match=r"detect\.rule_test_failed"):
        dry_runs.start(PLATFORM, peers(5).replace(b"> most_peers", b"< most_peers"), DAY, DAY)
    with pytest.raises(NotFoundError, match=r"detect\.no_days"):
        dry_runs.start(PLATFORM, peers(5), DAY + timedelta(days=1), None)
    assert dry_runs.known() == ()


def test_the_newest_ten_are_remembered(dry_runs: DryRuns) -> None:
    for _ in range(KEPT + 2):
        ended(dry_runs, dry_runs.start(PLATFORM, peers(5), DAY, DAY).number)
    assert [one.number for one in dry_runs.known()] == list(range(KEPT + 2, 2, -1))
    with pytest.raises(NotFoundError, match=r"detect\.no_dry_run"):
        dry_runs.one(1)
