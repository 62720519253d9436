"""Records and scans without files, and an incident finding made to measure."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from tallyward.console.custody_risk import RiskRow
from tallyward.console.ports import Traversal
from tallyward.custody.break_finding import Finding, Subject, found
from tallyward.custody.break_kinds import Break
from tallyward.custody.card_path import Link
from tallyward.custody.states import CardState
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.service import Coverage, ScanReport
from tallyward.detect.usual import Baselines
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.ids import CardId, EnterpriseId, SegmentId, SourceId
from tallyward.kernel.paging import Key, Page, PageRequest, encode_cursor
from tallyward.records.intake_state import IntakeState
from tallyward.records.model import Format, QuarantineRow, RecordView, SourceState
from tests.incidents.making import make_finding

Row = TypeVar("Row")

DAY = date(2026, 3, 2)
DAY_TS = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def source(number: int, name: str, operator: EnterpriseId, records: int = 100) -> SourceState:
    return SourceState(SourceId(number), name, operator, Format.CSV, NOON, 3, records, 2, 1, DAY_TS + 3600)


def quarantined(number: int, where: SourceState, name: str) -> QuarantineRow:
    return QuarantineRow(number, where.id, 7, name, 3, 120, "", "imsi", "records.imsi", "12x", NOON, "3132")


def record(ts: int, peer: str, *, service: str = "data", cell: int = 1, row: int = 0) -> RecordView:
    return RecordView(
        ts, 60, service, "490154203237518", peer, 1000, 500, cell, "", 1, 460000, 6, (), 7, SegmentId(1), row
    )


class FakeBaselines:
    """What was computed last."""

    def __init__(self, kept: tuple[str, Baselines] | None = None, damaged: TallywardError | None = None) -> None:
        self.kept = kept
        self.damaged = damaged

    def in_force(self) -> tuple[str, Baselines] | None:
        return self.kept

    def damage(self) -> TallywardError | None:
        return self.damaged


class FakeRecords:
    """Answers from lists."""

    def __init__(self) -> None:
        self.known_sources: list[SourceState] = []
        self.set_aside: list[QuarantineRow] = []
        self.of_card: dict[tuple[int, date], list[RecordView]] = {}
        self.put_aside: dict[date, int] = {}

    def sources(self) -> tuple[SourceState, ...]:
        return tuple(self.known_sources)

    def days(self) -> tuple[date, ...]:
        return tuple(sorted({day for _, day in self.of_card}))

    def hours(self, day: date) -> Sequence[int]:
        found = [0] * 24
        for (_, of_day), records in self.of_card.items():
            for one in records if of_day == day else ():
                found[datetime.fromtimestamp(one.ts, UTC).hour] += 1
        return found

    def refused(self, day: date) -> int:
        return self.put_aside.get(day, 0)

    def quarantine(self, page: PageRequest, source: SourceId | None = None) -> Page[QuarantineRow]:
        after = page.after[0] if page.after else 10**9
        rows = [
            row
            for row in sorted(self.set_aside, key=lambda row: -row.id)
            if row.id < int(after) and source in {None, row.source}
        ]
        return _page(rows, page.limit, lambda row: (row.id,))

    def card_records(self, card_id: CardId, day: date, page: PageRequest) -> Page[RecordView]:
        after = page.after or (0, 0, -1)
        rows = [row for row in self.of_card.get((card_id, day), []) if (row.ts, row.segment, row.row) > after]
        return _page(rows, page.limit, lambda row: (row.ts, row.segment, row.row))

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        return [f"460-00-9-{cell}" for cell in cells]


class FakeScan:
    """Finds card 1 with each rule, on every day; a rule that is called SLOW waits until it is told to go on."""

    go_on = threading.Event()

    def __init__(self, book: RuleBook) -> None:
        self._book = book

    def run(self, day: date, *, progress: Callable[[int, int], None]) -> ScanReport:
        progress(0, 2)
        if any(rule.id == "SLOW" for rule in self._book.rules):
            self.go_on.wait(10)
        progress(1, 2)
        findings = tuple(make_finding(1, rule.id, version=rule.version, day=day) for rule in self._book.rules)
        return ScanReport(day, findings, Coverage(6, 6, 0, 24, 24, 0), self._book.version, 1, 1, 0.5, 0.4, 1, ())


class FakeScans:
    """Tells of the traversal it is given."""

    def __init__(self) -> None:
        self.newest: Traversal | None = None

    def last(self) -> Traversal | None:
        return self.newest


class FakeIntakes:
    """Tells the states it is given."""

    def __init__(self) -> None:
        self.now: list[IntakeState] = []

    def states(self) -> tuple[IntakeState, ...]:
        return tuple(self.now)


def finding(lot: str) -> Finding:
    """Card 1 of a lot, offered and never accepted, has traffic."""
    path = (
        Link(f"{lot.lower()}-op", CardState.REGISTERED, 5, DAY_TS, 3600),
        Link(f"{lot.lower()}-op", CardState.OFFERED, 7, DAY_TS + 3600, 7200),
    )
    breaks = (Break.IN_TRANSIT_IN_USE,)
    return found(Subject("card", lot, 1, 2), breaks, path, (1,), records=50, facts=(("records", 50),))


class FakeRisk:
    """Tells the findings it is given: of each tenant one, and one of a number that is nobody's."""

    def __init__(self) -> None:
        stranger = found(Subject("number", "898600X"), (Break.NOT_IN_LOT,), records=9)
        self.now = [
            RiskRow.of(stranger, ""),
            RiskRow.of(finding("LOT-ALPHA"), "alpha-op"),
            RiskRow.of(finding("LOT-BRAVO"), "beta-op"),
        ]

    def findings(self) -> tuple[datetime | None, Sequence[RiskRow]]:
        return NOON, self.now


def _page(rows: list[Row], limit: int, key: Callable[[Row], Key]) -> Page[Row]:
    shown = tuple(rows[:limit])
    return Page(shown, encode_cursor(key(shown[-1])) if len(rows) > limit else None)
