"""The risk that cards are in unregistered hands, judged as records and entries come: kept, and made incidents of."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.custody.break_finding import Finding
from tallyward.custody.state import State
from tallyward.custody.usage_facts import Places
from tallyward.detect.adapters.card_sightings import CardSightings
from tallyward.detect.cards.finding import Finding as CardFinding
from tallyward.incidents.model import Absorbed
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import Clock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.service import RecordsService
from tallyward.registry.model import Enterprise
from tallyward.registry.service import RegistryService
from tallyward.wiring.custody.counts import StockCounts
from tallyward.wiring.custody.incidents import finding_of
from tallyward.wiring.custody.judgement import Judgement, cards_of, judge, reconciled
from tallyward.wiring.custody.ledger import OpenLedger, has_custody, open_ledger
from tallyward.wiring.custody.places import places_of
from tallyward.wiring.custody.risk_log import (
    MOST_TOLD,
    RiskCount,
    RiskLog,
    RiskReport,
    told_finding,
    told_reconciliation,
)
from tallyward.wiring.custody.usage import CustodyUsage, LedgerCards, operators_by_code, sightings_of
from tallyward.wiring.settings import Settings

STALE: Final = timedelta(hours=1)
"""Without a new record or entry a judgement holds so long: then an offer may have come over its deadline."""

Absorb = Callable[[tuple[CardFinding, ...]], Absorbed]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement with the ICCID of each finding's card; None where it is about several cards or none."""

    report: RiskReport
    judgement: Judgement
    numbers: tuple[str | None, ...]


class CustodyRisk:
    """Judges one at a time; keeps the ledger open from the first judgement on."""

    def __init__(
        self,
        settings: Settings,
        registry: RegistryService,
        records: RecordsService,
        absorb: Absorb,
        reader: CardSightings,
        clock: Clock,
    ) -> None:
        """`absorb` makes incidents of findings that are not whitelisted."""
        self.log = RiskLog(settings.folder / "custody-risk.json")
        self._settings = settings
        self._registry = registry
        self._records = records
        self._absorb = absorb
        self._reader = reader
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._kept = ExitStack()
        self._opened: OpenLedger | None = None
        self._stock = StockCounts()
        self._cards: tuple[tuple[int, int], LedgerCards] | None = None
        self._judged: tuple[tuple[int, ...], datetime] | None = None

    def close(self) -> None:
        """Let go of the ledger."""
        self._kept.close()

    def look(self) -> Judged | None:
        """Judge where records or entries have come since the last time, or it is `STALE`; None where not."""
        if not has_custody(self._settings):
            return None
        with self._one_at_a_time:
            mark, now = self._mark(self._open()), self._clock.now()
            if self._judged and self._judged[0] == mark and now - self._judged[1] < STALE:
                return None
        return self.run()

    def run(self, at: datetime | None = None, *, reconcile: bool = False) -> Judged | None:
        """Judge as of `at`, by default now; None where there is no ledger. `reconcile`: though it was done today."""
        if not has_custody(self._settings):
            return None
        with self._one_at_a_time:
            now = at or self._clock.now()
            opened = self._open()
            mark = self._mark(opened)
            cards = self._ledger_cards(opened)
            enterprises = self._registry.enterprises(PLATFORM)
            usage = self._usage(cards, {one.id: one.code for one in enterprises})
            places = self._places(opened.ledger.machine.state, enterprises)
            found = judge(opened, usage, self._stock, int(now.timestamp()), places)
            known = [cards_of(one, opened.ledger.machine.state, cards) for one in found.findings]
            numbers = tuple(cards.numbers(np.array(one, np.uint32))[0] if len(one) == 1 else None for one in known)
            absorbed = self._absorb(self._findings(opened, found, known))
            report = self._told(opened, found, numbers, absorbed, now)
            report = self._with_reconciliation(report, opened, cards, usage, anyway=reconcile)
            self.log.keep(report)
            self._judged = mark, self._clock.now()
            return Judged(report, found, numbers)

    def _mark(self, opened: OpenLedger) -> tuple[int, ...]:
        """Names all that a judgement comes from."""
        return self._records.version(), opened.ledger.machine.size, self._registry.directory().version

    def _open(self) -> OpenLedger:
        """The ledger as it is by now."""
        if self._opened is None:
            self._opened = self._kept.enter_context(open_ledger(self._settings, self._clock))
        self._opened.ledger.refresh()
        return self._opened

    def _ledger_cards(self, opened: OpenLedger) -> LedgerCards:
        """Where the registry's cards are on the ledger; read anew when either has more or other numbers."""
        directory, state = self._registry.directory(), opened.ledger.machine.state
        key = directory.version, len(state.lots_by_number)
        if self._cards is None or self._cards[0] != key:
            self._cards = key, LedgerCards(directory, opened.books, state)
        return self._cards[1]

    def _usage(self, cards: LedgerCards, codes: Mapping[EnterpriseId, str]) -> CustodyUsage:
        days = (self._records.snapshot(day) for day in self._records.days())
        return CustodyUsage(sightings_of(days, self._reader), cards, operators_by_code(self._registry.owners, codes))

    def _places(self, state: State, enterprises: Sequence[Enterprise]) -> Places:
        """Where members are at home; an enterprise that moved counts from the next judgement on."""
        homes = {one.code: int(one.area) for one in enterprises if one.area is not None}
        last = max((int(one.id) for one in self._registry.areas()), default=0)
        return places_of(state, self._registry.directory().cell_table, homes, last)

    def _findings(self, opened: OpenLedger, found: Judgement, cards: list[list[int]]) -> tuple[CardFinding, ...]:
        time_of = opened.ledger.machine.times
        return tuple(finding_of(one, own, time_of) for one, own in zip(found.findings, cards, strict=True))

    def _told(
        self, opened: OpenLedger, found: Judgement, numbers: tuple[str | None, ...], absorbed: Absorbed, now: datetime
    ) -> RiskReport:
        told: list[tuple[Finding, str | None]] = list(zip(found.findings, numbers, strict=True))[:MOST_TOLD]
        last, state = self.log.last(), opened.ledger.machine.state
        return RiskReport(
            computed_at=now,
            entries=opened.ledger.machine.size,
            cards=found.cards,
            findings=found.total,
            incidents=absorbed.opened + absorbed.joined + absorbed.unchanged,
            whitelisted=absorbed.whitelisted,
            counts=[RiskCount(kind.value, holder, cards) for (kind, holder), cards in found.counts.items()],
            told=[told_finding(one, number, _operator(one, state)) for one, number in told],
            reconciled_at=last.reconciled_at if last else None,
            reconciliations=last.reconciliations if last else [],
        )

    def _with_reconciliation(
        self, report: RiskReport, opened: OpenLedger, cards: LedgerCards, usage: CustodyUsage, *, anyway: bool
    ) -> RiskReport:
        """Once a day (UTC), or when asked for."""
        before, now = report.reconciled_at, report.computed_at
        if before and before.date() == now.date() and not anyway:
            return report
        found = reconciled(opened, cards, usage, self._active())
        return replace(report, reconciled_at=now, reconciliations=[told_reconciliation(one) for one in found])

    def _active(self) -> NDArray[np.uint32]:
        """The cards whose real name the registry holds for active."""
        snapshot = self._registry.export_profiles(self._settings.folder / "profiles")
        found = [np.empty(0, np.uint32)]
        for path in snapshot.profiles.values():
            table = pq.read_table(path, columns=["card_id", "rn_active"])
            found.append(table["card_id"].to_numpy()[table["rn_active"].to_numpy() > 0])
        return np.concatenate(found)


def _operator(one: Finding, state: State) -> str:
    """Whose lot or number a finding is about, or all lots where it is about a member; "" for a person."""
    if one.subject.kind == "number":
        return one.last_holder
    if one.subject.kind == "member":
        operators = {row.operator for row in state.lots.rows.values()}
        return operators.pop() if len(operators) == 1 else ""
    row = state.lots.get(one.subject.name.encode())
    return row.operator if row else ""
