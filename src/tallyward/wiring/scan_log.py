"""The statement that every card was read, kept beside the records: one small file that any process can read."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from tallyward.console.ports import Traversal
from tallyward.detect.service import ScanReport
from tallyward.kernel.clock import Clock
from tallyward.wiring.newest_json import keep_newest


class ScanLog:
    """Keeps the newest traversal; a half-written one is never seen."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def keep(self, report: ScanReport, whitelisted: int) -> None:
        """Make `report` the newest; so many of its findings opened no incident, since they are whitelisted."""
        cover = report.coverage
        newest = Traversal(
            day=report.day,
            at=self._clock.now(),
            cards_expected=cover.cards_expected,
            cards_read=cover.cards_read,
            cards_unknown=cover.cards_unknown,
            records_in=cover.records_in,
            records_used=cover.records_used,
            records_refused=cover.records_refused,
            whitelisted=whitelisted,
        )
        keep_newest(self._path, asdict(newest))

    def last(self) -> Traversal | None:
        """The newest traversal by whatever process; None before the first, or where the file is not ours to read."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            when = {"day": date.fromisoformat(kept["day"]), "at": datetime.fromisoformat(kept["at"])}
            return Traversal(**{**kept, **when})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
