"""A watched folder taken in: each whole file once, then put away; stops by itself where it must, and goes on by itself.

What makes it exactly once is the manifest: a file's content is its offset. A watcher that is killed after the commit
and before the file was put away finds it again, is told that it is known, and puts it away.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import TallywardError
from tallyward.records.drop import Dropped, Settling
from tallyward.records.intake_state import Behind, Doing, Standing
from tallyward.records.model import IntakeReport, SourceState
from tallyward.records.offering_ports import DropFolder
from tallyward.records.service import RecordsService

_OF_THE_FILE: Final = {"records.no_file", "records.not_a_file", "records.file_unreadable", "records.file_changed"}
"""Refusals that are about one file: the others go on. Every other one stops the intake until it is gone."""
_TELL_EVERY: Final = timedelta(seconds=1)


class DropIntake:
    """One folder and its source. Call `round` again and again; it never waits."""

    def __init__(
        self,
        records: RecordsService,
        folder: DropFolder,
        source: Callable[[], SourceState],
        standing: Standing,
        clock: Clock,
        *,
        settling: Settling,
        stopped: Callable[[], bool] = lambda: False,
        step: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """`source` says whose records these are, or refuses; `stopped` ends a round between two files."""
        self._records = records
        self._folder = folder
        self._source = source
        self._standing = standing
        self._clock = clock
        self._settling = settling
        self._stopped = stopped
        self._step = step
        self._done: dict[str, tuple[Dropped, bool]] = {}
        self._failing: dict[str, TallywardError] = {}
        self._told = datetime.min.replace(tzinfo=UTC)

    def round(self) -> int:
        """Look once and take what is whole; how many files were dealt with."""
        behind = None
        try:
            listing = self._folder.listing()
            self._forget_gone(listing)
            left = self._put_away_left(listing)
            behind = _behind(left)
            whole = self._settling.whole(left, self._clock.now().timestamp())
            if left:
                self._records.check_room()
            done = self._take_all(whole, left) if whole else 0
        except TallywardError as refusal:
            self._standing.stops(refusal, behind)
            return 0
        newest = next(reversed(self._failing.values()), None)
        if not done:
            self._standing.watches(behind, len(self._failing), newest)
        return done

    def _forget_gone(self, listing: Sequence[Dropped]) -> None:
        names = {one.name for one in listing}
        self._done = {name: kept for name, kept in self._done.items() if name in names}
        self._failing = {name: why for name, why in self._failing.items() if name in names}

    def _put_away_left(self, listing: Sequence[Dropped]) -> list[Dropped]:
        """The files that are not dealt with yet; those that could not be put away before are tried again."""
        left = []
        for one in listing:
            known = self._done.get(one.name)
            if known is None or known[0] != one:
                left.append(one)
            elif not self._folder.stays:
                self._put_away(one, refused=known[1])
        return left

    def _take_all(self, whole: Sequence[Dropped], left: Sequence[Dropped]) -> int:
        source = self._source()
        self._standing.belongs_to(source.operator)
        waiting = {one.name: one for one in left}
        done = 0
        for one in whole:
            if self._stopped():
                break
            self._tell(waiting.values())
            report = self._take(one, source, waiting.values())
            if report is not None:
                self._standing.counts(report)
                self._done[one.name] = (one, report.quarantined)
                self._step("taken")
                if not self._folder.stays:
                    self._put_away(one, refused=report.quarantined)
                del waiting[one.name]
                done += 1
        return done

    def _take(self, one: Dropped, source: SourceState, waiting: Iterable[Dropped]) -> IntakeReport | None:
        """None where something is wrong with this file; what is wrong with the store is raised."""
        try:
            report = self._records.take_file(
                source.id, self._folder.path(one.name), lambda _done, _total: self._tell(waiting)
            )
        except TallywardError as refusal:
            if refusal.code not in _OF_THE_FILE:
                raise
            self._failing[one.name] = refusal
            return None
        self._failing.pop(one.name, None)
        return report

    def _put_away(self, one: Dropped, *, refused: bool) -> None:
        try:
            self._folder.put_away(one.name, refused=refused)
        except TallywardError as refusal:
            self._failing[one.name] = refusal
            return
        self._step("put_away")
        self._done.pop(one.name, None)
        self._failing.pop(one.name, None)

    def _tell(self, waiting: Iterable[Dropped]) -> None:
        """Show that it is at work, not more often than people can read."""
        now = self._clock.now()
        if now - self._told >= _TELL_EVERY or self._standing.state.doing is not Doing.TAKING:
            self._told = now
            self._standing.takes(_behind(waiting))


def _behind(waiting: Iterable[Dropped]) -> Behind:
    """What waits in the folder, files that are still written included."""
    files = list(waiting)
    oldest = min((one.modified for one in files), default=None)
    since = None if oldest is None else datetime.fromtimestamp(max(oldest, 0), UTC)
    return Behind(len(files), sum(one.size for one in files), since)
