"""Dry runs as work in the background: one at a time, told while it goes on, ended by time or by a person.

What is known of them lives in this process only: a dry run changes nothing, so nothing of it needs to be kept.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.dry_run import SHOWN, Differing, DryRun, changed, compared, dry_run, stored_days
from tallyward.detect.kept_rules import read_rule
from tallyward.detect.service import ScanReport
from tallyward.kernel.actor import Actor
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError, NotFoundError, TallywardError, TooOftenError

KEPT: Final = 10
"""Dry runs that are remembered."""
LONGEST_SECONDS: Final = 900.0
_LETS_GO: Final = 0.5


class Progress(StrEnum):
    """Where a dry run stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    TOO_LONG = "too_long"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """What the text finds, what the text in use finds over the same days where it finds something else, and both."""

    run: DryRun
    in_use: DryRun
    differing: Differing | None


@dataclass(frozen=True, slots=True)
class Trying:
    """One dry run as it stands. `share` is what is done of it, 0 to 1; `refusal` says why it failed."""

    number: int
    rule: Rule
    days: tuple[date, ...]
    author: str
    started_at: datetime
    progress: Progress
    share: float = 0.0
    found: Found | None = None
    refusal: TallywardError | None = None


class Scan(Protocol):
    """Reads a stored day (`service.CardScan`)."""

    def run(self, day: date, *, progress: Callable[[int, int], None]) -> ScanReport:
        """What the rules find on a day; `progress` is told (buckets done, in all)."""
        ...


class _EndedError(Exception):
    """Carries why a dry run ends before it is done, out of the traversal's report of progress."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.progress = progress


class DryRuns:
    """Starts, tells, ends."""

    def __init__(
        self,
        scan_with: Callable[[RuleBook], Scan],
        days: Callable[[], Sequence[date]],
        book: Callable[[], RuleBook],
        clock: Clock,
        *,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        """`scan_with` reads the stored records with given rules; `days` are those that are stored."""
        self._scan_with = scan_with
        self._days = days
        self._book = book
        self._clock = clock
        self._longest = longest_seconds
        self._known: dict[int, Trying] = {}
        self._number = 0
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self, actor: Actor, data: bytes, since: date, until: date | None) -> Trying:
        """Begin one, of a rule's text over stored days.

        Refuses as `read_rule` does, with `detect.no_days`, or with `detect.dry_run_goes_on` while another one runs.
        """
        rule = read_rule(data)
        days = tuple(stored_days(self._days(), since, until))
        before = self._thread
        if before is not None and not any(one.progress is Progress.RUNNING for one in self.known()):
            before.join(_LETS_GO)  # one that was ended lets go of the records at its next bucket
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                raise TooOftenError("detect.dry_run_goes_on")
            self._number += 1
            trying = Trying(self._number, rule, days, actor.name, self._clock.now(), Progress.RUNNING)
            self._known[trying.number] = trying
            for old in sorted(self._known)[:-KEPT]:
                del self._known[old]
            self._cancelled.clear()
            self._thread = threading.Thread(target=self._work, args=(trying,), name="dry run", daemon=True)
            self._thread.start()
        return trying

    def known(self) -> tuple[Trying, ...]:
        """Those that are remembered, newest first."""
        with self._lock:
            return tuple(sorted(self._known.values(), key=lambda one: -one.number))

    def one(self, number: int) -> Trying:
        """One of them; refuses with `detect.no_dry_run`."""
        with self._lock:
            if number not in self._known:
                raise NotFoundError("detect.no_dry_run", id=number)
            return self._known[number]

    def cancel(self, number: int) -> Trying:
        """End it where it still runs: at the next bucket. Refuses with `detect.no_dry_run`."""
        if self.one(number).progress is Progress.RUNNING:
            self._cancelled.set()
            self._note(number, progress=Progress.CANCELLED)
        return self.one(number)

    def close(self) -> None:
        """End the one that runs, and wait until it has let go of the records."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, trying: Trying) -> None:
        try:
            found = self._found(trying)
            self._note(trying.number, progress=Progress.DONE, share=1.0, found=found)
        except _EndedError as end:
            self._note(trying.number, progress=end.progress)
        except TallywardError as refusal:
            self._note(trying.number, progress=Progress.FAILED, refusal=refusal)
        except Exception as wrong:  # noqa: BLE001  nobody waits for this thread: what broke is told to who asks
            broken = CorruptError("detect.dry_run_broken", problem=type(wrong).__name__)
            self._note(trying.number, progress=Progress.FAILED, refusal=broken)

    def _found(self, trying: Trying) -> Found:
        until = time.monotonic() + self._longest
        old = changed([trying.rule], self._book().rules)
        rounds = 1 + bool(old)
        run = dry_run([trying.rule], self._reports(trying, [trying.rule], until, (0, rounds)), SHOWN)
        in_use = dry_run(old, self._reports(trying, old, until, (1, rounds)) if old else (), SHOWN)
        return Found(run, in_use, next(iter(compared(run, in_use)), None))

    def _reports(
        self, trying: Trying, rules: Sequence[Rule], until: float, part: tuple[int, int]
    ) -> Iterator[ScanReport]:
        scan = self._scan_with(RuleBook.of(rules))
        for index, day in enumerate(trying.days):
            before = part[0] * len(trying.days) + index

            def advance(done: int, buckets: int, before: int = before) -> None:
                if self._cancelled.is_set():
                    raise _EndedError(Progress.CANCELLED)
                if time.monotonic() > until:
                    raise _EndedError(Progress.TOO_LONG)
                self._note(trying.number, share=(before + done / max(buckets, 1)) / (part[1] * len(trying.days)))

            advance(0, 1)
            yield scan.run(day, progress=advance)

    def _note(
        self,
        number: int,
        *,
        progress: Progress | None = None,
        share: float | None = None,
        found: Found | None = None,
        refusal: TallywardError | None = None,
    ) -> None:
        """What a dry run has come to; one that a person ended stays so, whatever its thread says after."""
        with self._lock:
            known = self._known.get(number)
            if known is None or known.progress is not Progress.RUNNING:
                return
            self._known[number] = replace(
                known,
                progress=progress or known.progress,
                share=known.share if share is None else share,
                found=found,
                refusal=refusal,
            )
