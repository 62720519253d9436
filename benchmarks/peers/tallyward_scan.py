"""The product's full scan: all rules, findings with evidence and explanation, coverage."""

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
from card_day import RULES, Day, Flags
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.service import CardScan
from tallyward.records.model import Snapshot
from tallyward.records.schema import TAG_SHIFT, SubscriberTag
from tallyward.registry.model import PeerKind


class BenchRecords:
    """What the scan asks of the records room, over the written files."""

    def __init__(self, day: Day) -> None:
        self._day = day

    def snapshot(self, day: date) -> Snapshot:
        """The day's segments."""
        return self._day.snapshot(day)

    def days(self) -> tuple[date, ...]:
        """The one day."""
        return (self._day.day,)

    def peer_codes(self, kind: PeerKind, texts: Iterable[str]) -> NDArray[np.uint64]:
        """The simulated lists hold addresses and numbers only, which need no dictionary."""
        raise NotImplementedError(kind, texts)

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        """Peers by number."""
        return [str(code) for code in codes]

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        """Unknown cards by number."""
        low = (1 << TAG_SHIFT) - 1
        return [(SubscriberTag(code >> TAG_SHIFT), str(code & low)) for code in codes]

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        """Unknown cells by number."""
        return [str(cell) for cell in cells]


def prepare(day: Day) -> Callable[[], Flags]:
    """Every record must have been read."""
    scan = CardScan(DuckDbTraversal(), BenchRecords(day), lambda: day.profiles, RuleBook.load())

    def run() -> Flags:
        report = scan.run(day.day)
        if not report.coverage.complete or report.coverage.records_in != day.records:
            raise SystemExit(f"not every record was read: {report.coverage}")
        return {(int(one.card), one.rule) for one in report.findings if one.rule in RULES}

    return run
