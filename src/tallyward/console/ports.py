"""What the console needs of the rooms below, no more: their services fit as they are, tests bring fakes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tallyward.console.custody_health import OwnNode, WitnessSeen
from tallyward.console.custody_risk import RiskRow
from tallyward.custody.credit import Credit
from tallyward.custody.look_ups import LookUp
from tallyward.custody.machine import Machine
from tallyward.custody.overview import Holding, LotView, MemberView, OfferView, RequestView
from tallyward.custody.ports import Ledger
from tallyward.custody.receipt import Receipt
from tallyward.custody.trace import Trace
from tallyward.detect import usual
from tallyward.kernel.actor import Actor, Scope
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.ids import CardId, CellId, EnterpriseId, GroupListId, SourceId, TerminalId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.records.intake_state import IntakeState
from tallyward.records.model import QuarantineRow, RecordView, SourceState
from tallyward.registry.audit import AuditEntry
from tallyward.registry.cadence import Cadence
from tallyward.registry.filters import CardCounts, CardFilter, TerminalCounts, TerminalFilter
from tallyward.registry.model import Area, Binding, Card, CardClass, Cell, Enterprise, GroupList, Terminal


class Registry(Protocol):
    """Who exists. What an actor may not see is refused like what does not exist."""

    def enterprises(self, actor: Actor) -> tuple[Enterprise, ...]:
        """By code."""
        ...

    def enterprise(self, actor: Actor, enterprise: EnterpriseId) -> Enterprise:
        """One of them."""
        ...

    def card_classes(self) -> tuple[CardClass, ...]:
        """By code."""
        ...

    def areas(self) -> tuple[Area, ...]:
        """By code."""
        ...

    def cell_names(self, ids: Iterable[CellId]) -> dict[CellId, Cell]:
        """Those that exist."""
        ...

    def group_list(self, actor: Actor, group_list: GroupListId) -> GroupList:
        """One list with its entries."""
        ...

    def card(self, actor: Actor, card: CardId) -> Card:
        """One card."""
        ...

    def cards(self, actor: Actor, wanted: CardFilter, request: PageRequest) -> Page[Card]:
        """By id."""
        ...

    def count_cards(self, actor: Actor) -> CardCounts:
        """Counts of cards."""
        ...

    def owners(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]:
        """(holder, operator) of the cards that exist, whoever asks."""
        ...

    def bindings(self, actor: Actor, card: CardId) -> tuple[Binding, ...]:
        """Newest first."""
        ...

    def effective_cadence(self, actor: Actor, card: CardId) -> Cadence:
        """The faster of a card's own and of its terminal's."""
        ...

    def set_card_cadence(self, actor: Actor, card: CardId, cadence: Cadence) -> Card:
        """Change a card's own."""
        ...

    def set_terminal_cadence(self, actor: Actor, terminal: TerminalId, cadence: Cadence) -> Terminal:
        """Change a terminal's."""
        ...

    def terminal(self, actor: Actor, terminal: TerminalId) -> Terminal:
        """One terminal."""
        ...

    def terminals(self, actor: Actor, wanted: TerminalFilter, request: PageRequest) -> Page[Terminal]:
        """By id."""
        ...

    def count_terminals(self, actor: Actor) -> TerminalCounts:
        """Counts of terminals."""
        ...

    def terminal_bindings(self, actor: Actor, terminal: TerminalId) -> tuple[Binding, ...]:
        """Newest first."""
        ...


class Records(Protocol):
    """What was observed."""

    def sources(self) -> tuple[SourceState, ...]:
        """By name."""
        ...

    def days(self) -> tuple[date, ...]:
        """Days with records, in order."""
        ...

    def hours(self, day: date) -> Sequence[int]:
        """Records of each UTC hour."""
        ...

    def refused(self, day: date) -> int:
        """Records that intake put aside from the files of a day."""
        ...

    def quarantine(self, page: PageRequest, source: SourceId | None = None) -> Page[QuarantineRow]:
        """Newest first."""
        ...

    def card_records(self, card_id: CardId, day: date, page: PageRequest) -> Page[RecordView]:
        """One card's records by time; the cursor holds (ts, segment, row)."""
        ...

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        """How records named cells that the registry does not know."""
        ...


class AuditLog(Protocol):
    """Who changed or read what."""

    def page(self, scope: Scope, request: PageRequest, *, subject: str | None = None) -> Page[AuditEntry]:
        """Newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Traversal:
    """What the newest traversal of a day covered; `at` is when it ended. `whitelisted` findings opened no incident."""

    day: date
    at: datetime
    cards_expected: int
    cards_read: int
    cards_unknown: int
    records_in: int
    records_used: int
    records_refused: int
    whitelisted: int = 0

    @property
    def complete(self) -> bool:
        """The sums match: all cards were looked at, and every record was used or is named as refused."""
        return self.cards_read >= self.cards_expected and self.records_in == self.records_used + self.records_refused


class Scans(Protocol):
    """Tells of the newest traversal, by whatever process it ran."""

    def last(self) -> Traversal | None:
        """The newest one; None before the first."""
        ...


class Intakes(Protocol):
    """Tells how the continuous intakes do, in whatever process they run."""

    def states(self) -> tuple[IntakeState, ...]:
        """One state each; none where nobody ever watched."""
        ...


class Baselines(Protocol):
    """What is usual of each class of cards (`detect.baselines.ClassBaselines`)."""

    def in_force(self) -> tuple[str, usual.Baselines] | None:
        """(version, baselines) that rules go by; None before the first."""
        ...

    def damage(self) -> TallywardError | None:
        """What keeps newer ones from being used."""
        ...


class CardLedger(Protocol):
    """The card ledger (`custody.service.CustodyService`). What it tells is not scoped: `custody_desk` does that."""

    @property
    def ledger(self) -> Ledger:
        """As it is by now."""
        ...

    @property
    def machine(self) -> Machine:
        """What it knows by now; to read."""
        ...

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        ...

    def lots(self, operator: str | None = None) -> Sequence[LotView]:
        """In the order of their registration."""
        ...

    def holdings(self, lot: str) -> Sequence[Holding]:
        """Who holds what of a lot; refuses with `custody.lot_unknown`."""
        ...

    def offers(self) -> list[OfferView]:
        """In flight, the oldest first."""
        ...

    def requests(self) -> list[RequestView]:
        """For activation, that wait."""
        ...

    def members(self, operator: str | None = None) -> list[MemberView]:
        """All, with their stock by age; of one operator's lots if told."""
        ...

    def trace(self, card: str) -> Trace:
        """The way of a card; refuses with `custody.number_unknown`."""
        ...

    def receipt(self, number: int) -> Receipt:
        """The proof of an entry; refuses with `custody.entry_unknown`."""
        ...

    def credit(self, asker: str, about: str) -> tuple[Credit, bytes]:
        """(credit, signed statement); refuses whom it does not concern. Noted."""
        ...

    def look_ups(self, about: str) -> list[LookUp]:
        """Who was told the credit of an organisation, the oldest first."""
        ...


class CustodyHealth(Protocol):
    """Who keeps the card ledger going, beside whoever began it."""

    def node(self) -> OwnNode | None:
        """The organisation's own node and what it sees; None where the ledger is an embedded one."""
        ...

    def witnesses(self) -> Sequence[WitnessSeen]:
        """Those that are asked to sign each new head."""
        ...


class CustodyRisk(Protocol):
    """Chains of custody that break, as usage was last held against the ledger."""

    def findings(self) -> tuple[datetime | None, Sequence[RiskRow]]:
        """(when it was computed, the likeliest first); None before the first time."""
        ...
