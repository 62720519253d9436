"""What the registry needs from outside: places that keep its rows. A change and its audit entry are one transaction.

Whatever is asked for by a scope gives only rows that the scope may see; a row outside it does not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import AreaId, CardId, CellId, EnterpriseId, GroupListId, TerminalId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.registry.audit import AuditEntry
from tallyward.registry.cadence import Cadence
from tallyward.registry.directory import Directory
from tallyward.registry.filters import CardCounts, CardFilter, TerminalCounts, TerminalFilter
from tallyward.registry.model import (
    Area,
    Binding,
    Card,
    CardClass,
    Cell,
    Enterprise,
    EnterpriseKind,
    GroupList,
    Terminal,
)
from tallyward.registry.profile_schema import ProfileSnapshot


class ReferenceStore(Protocol):
    """Enterprises, classes, areas, cells, group lists."""

    def add_enterprise(self, code: str, name: str, kind: EnterpriseKind, audit: AuditEntry) -> Enterprise | None:
        """The new enterprise; None where the code is taken."""
        ...

    def enterprises(self, scope: Scope) -> tuple[Enterprise, ...]:
        """By code."""
        ...

    def enterprise(self, scope: Scope, enterprise: EnterpriseId) -> Enterprise | None:
        """One of them."""
        ...

    def card_classes(self) -> tuple[CardClass, ...]:
        """By code."""
        ...

    def areas(self) -> tuple[Area, ...]:
        """By code."""
        ...

    def set_fraud_prone(self, area: AreaId, *, fraud_prone: bool, audit: AuditEntry) -> None:
        """Mark an area or take the mark away."""
        ...

    def cells(self, ids: Iterable[CellId]) -> dict[CellId, Cell]:
        """Those that exist."""
        ...

    def group_lists(self, scope: Scope) -> tuple[GroupList, ...]:
        """By code, with their entries."""
        ...

    def group_list(self, scope: Scope, group_list: GroupListId) -> GroupList | None:
        """One of them."""
        ...


class CardStore(Protocol):
    """Cards and their bindings."""

    def card(self, scope: Scope, card: CardId) -> Card | None:
        """One card."""
        ...

    def find(self, scope: Scope, number: str) -> Card | None:
        """The card with this ICCID, IMSI or MSISDN."""
        ...

    def page(self, scope: Scope, wanted: CardFilter, request: PageRequest) -> Page[Card]:
        """Cards by id. Key: (id,)."""
        ...

    def counts(self, scope: Scope) -> CardCounts:
        """Counted anew only when the registry has changed."""
        ...

    def bindings(self, scope: Scope, card: CardId) -> tuple[Binding, ...]:
        """Newest first."""
        ...

    def bind(
        self, scope: Scope, card: CardId, terminal: TerminalId, at: datetime, reason: str, audit: AuditEntry
    ) -> Binding | None:
        """The new binding; None where the card is bound already."""
        ...

    def unbind(self, scope: Scope, card: CardId, at: datetime, audit: AuditEntry) -> Binding | None:
        """The binding that ended; None where the card is not bound."""
        ...

    def effective_cadence(self, card: Card) -> Cadence:
        """What holds for a card: the faster of its own and of its terminal's, whoever's that is."""
        ...

    def set_cadence(self, scope: Scope, card: CardId, cadence: Cadence, audit: AuditEntry) -> None:
        """Change a card's own."""
        ...


class TerminalStore(Protocol):
    """Terminals."""

    def terminal(self, scope: Scope, terminal: TerminalId) -> Terminal | None:
        """One terminal."""
        ...

    def page(self, scope: Scope, wanted: TerminalFilter, request: PageRequest) -> Page[Terminal]:
        """Terminals by id. Key: (id,)."""
        ...

    def counts(self, scope: Scope) -> TerminalCounts:
        """Counted anew only when the registry has changed."""
        ...

    def bindings(self, scope: Scope, terminal: TerminalId) -> tuple[Binding, ...]:
        """Newest first, at most 500."""
        ...

    def find(self, scope: Scope, serial: str) -> Terminal | None:
        """The terminal with this serial."""
        ...

    def set_cadence(self, scope: Scope, terminal: TerminalId, cadence: Cadence, audit: AuditEntry) -> None:
        """Change a terminal's."""
        ...


class SnapshotStore(Protocol):
    """The whole registry at one version, for intake and detection."""

    def version(self) -> int:
        """Grows with each change."""
        ...

    def directory(self) -> Directory:
        """All numbers; read anew only when numbers may have changed."""
        ...

    def export_profiles(self, folder: Path) -> ProfileSnapshot:
        """Profiles of the present version as files in `folder`; written once a version."""
        ...

    def owners(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]:
        """(holder, operator) of the cards that exist."""
        ...

    def holdings(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId, int]]:
        """(holder, operator, class) of the cards that exist."""
        ...


@dataclass(frozen=True, slots=True)
class RegistryStores:
    """All of them."""

    reference: ReferenceStore
    cards: CardStore
    terminals: TerminalStore
    snapshots: SnapshotStore
