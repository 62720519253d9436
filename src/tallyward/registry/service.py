"""Who exists, for people and for other rooms: each use case says who asks, and gives only what she may see."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tallyward.kernel.actor import EVERYTHING, Actor
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tallyward.kernel.ids import CardId, CellId, EnterpriseId, GroupListId, TerminalId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.registry.audit import AuditEntry
from tallyward.registry.cadence import Cadence
from tallyward.registry.checks import is_code
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
from tallyward.registry.ports import RegistryStores
from tallyward.registry.profile_schema import ProfileSnapshot

_LONGEST_NAME: Final = 200
_LONGEST_REASON: Final = 200
_LONGEST_SEARCH: Final = 64


class RegistryService:
    """The use cases of the registry."""

    def __init__(self, stores: RegistryStores, clock: Clock) -> None:
        self._reference = stores.reference
        self._cards = stores.cards
        self._terminals = stores.terminals
        self._snapshots = stores.snapshots
        self._clock = clock

    # Enterprises and reference tables

    def add_enterprise(self, actor: Actor, code: str, name: str, kind: EnterpriseKind) -> Enterprise:
        """A new enterprise; `registry.enterprise_exists`, `registry.code_form`, `registry.text_form`."""
        platform_only(actor)
        if not is_code(code):
            raise InvalidError("registry.code_form", value=code[:40])
        _plain("name", name, _LONGEST_NAME)
        audit = self._audit(actor, None, "registry.add_enterprise", f"enterprise {code}", name=name, kind=kind.value)
        added = self._reference.add_enterprise(code, name.strip(), kind, audit)
        if added is None:
            raise ConflictError("registry.enterprise_exists", enterprise=code)
        return added

    def enterprises(self, actor: Actor) -> tuple[Enterprise, ...]:
        """Enterprises one may know of: one's own, operators, holders of cards one operates."""
        return self._reference.enterprises(actor.scope)

    def enterprise(self, actor: Actor, enterprise: EnterpriseId) -> Enterprise:
        """One of them, or `registry.no_enterprise`."""
        found = self._reference.enterprise(actor.scope, enterprise)
        if found is None:
            raise NotFoundError("registry.no_enterprise", id=enterprise)
        return found

    def card_classes(self) -> tuple[CardClass, ...]:
        """All products."""
        return self._reference.card_classes()

    def areas(self) -> tuple[Area, ...]:
        """All areas."""
        return self._reference.areas()

    def set_fraud_prone(self, actor: Actor, area_code: str, fraud_prone: bool) -> Area:  # noqa: FBT001 - the value set
        """Mark an area as fraud-prone or take the mark away; `registry.no_area`."""
        platform_only(actor)
        area = self._area(area_code)
        if area.fraud_prone != fraud_prone:
            audit = self._audit(
                actor, None, "registry.set_fraud_prone", f"area {area_code}", fraud_prone=int(fraud_prone)
            )
            self._reference.set_fraud_prone(area.id, fraud_prone=fraud_prone, audit=audit)
        return self._area(area_code)

    def cell_names(self, ids: Iterable[CellId]) -> dict[CellId, Cell]:
        """Cells by id; unknown ids are left out."""
        return self._reference.cells(ids)

    def group_lists(self, actor: Actor) -> tuple[GroupList, ...]:
        """Lists one may see, with their entries."""
        return self._reference.group_lists(actor.scope)

    def group_list(self, actor: Actor, group_list: GroupListId) -> GroupList:
        """One of them, or `registry.no_list`."""
        found = self._reference.group_list(actor.scope, group_list)
        if found is None:
            raise NotFoundError("registry.no_list", id=group_list)
        return found

    # Cards

    def card(self, actor: Actor, card: CardId) -> Card:
        """One card, or `registry.no_card`."""
        found = self._cards.card(actor.scope, card)
        if found is None:
            raise NotFoundError("registry.no_card", id=card)
        return found

    def find_card(self, actor: Actor, text: str) -> Card | None:
        """The card with exactly this ICCID, IMSI or MSISDN (a plus sign, blanks and small letters do not matter)."""
        number = text.strip().removeprefix("+").replace(" ", "").upper()
        plain = number.isascii() and number.isprintable()
        return self._cards.find(actor.scope, number[:_LONGEST_SEARCH]) if number and plain else None

    def cards(self, actor: Actor, wanted: CardFilter, request: PageRequest) -> Page[Card]:
        """A page of cards by id."""
        return self._cards.page(actor.scope, wanted, request)

    def count_cards(self, actor: Actor) -> CardCounts:
        """All cards one may see, counted."""
        return self._cards.counts(actor.scope)

    def bindings(self, actor: Actor, card: CardId) -> tuple[Binding, ...]:
        """Which terminals the card rode in, newest first."""
        self.card(actor, card)
        return self._cards.bindings(actor.scope, card)

    def bind(self, actor: Actor, card: CardId, terminal: TerminalId, reason: str) -> Binding:
        """The card rides in the terminal from now on; `registry.card_bound` where it rides in one already."""
        _plain("reason", reason, _LONGEST_REASON)
        whose = self.card(actor, card)
        inside = self.terminal(actor, terminal)
        audit = self._audit(actor, whose.enterprise, "registry.bind", f"card {card}", terminal=terminal, reason=reason)
        bound = self._cards.bind(actor.scope, card, inside.id, self._clock.now(), reason, audit)
        if bound is None:
            raise ConflictError("registry.card_bound", iccid=whose.iccid)
        return bound

    def unbind(self, actor: Actor, card: CardId, reason: str) -> Binding:
        """The card rides in no terminal from now on; `registry.card_not_bound` where it does not anyway."""
        _plain("reason", reason, _LONGEST_REASON)
        whose = self.card(actor, card)
        audit = self._audit(actor, whose.enterprise, "registry.unbind", f"card {card}", reason=reason)
        ended = self._cards.unbind(actor.scope, card, self._clock.now(), audit)
        if ended is None:
            raise ConflictError("registry.card_not_bound", iccid=whose.iccid)
        return ended

    def effective_cadence(self, actor: Actor, card: CardId) -> Cadence:
        """How soon the records of a card are judged: the faster of its own and of its terminal's."""
        return self._cards.effective_cadence(self.card(actor, card))

    def set_card_cadence(self, actor: Actor, card: CardId, cadence: Cadence) -> Card:
        """Change a card's own cadence; `registry.no_card`."""
        whose = self.card(actor, card)
        if whose.cadence is not cadence:
            detail = {"before": whose.cadence.value, "cadence": cadence.value}
            audit = self._audit(actor, whose.enterprise, "registry.set_cadence", f"card {card}", **detail)
            self._cards.set_cadence(actor.scope, card, cadence, audit)
        return self.card(actor, card)

    # Terminals

    def terminal(self, actor: Actor, terminal: TerminalId) -> Terminal:
        """One terminal, or `registry.no_terminal`."""
        found = self._terminals.terminal(actor.scope, terminal)
        if found is None:
            raise NotFoundError("registry.no_terminal", id=terminal)
        return found

    def terminals(self, actor: Actor, wanted: TerminalFilter, request: PageRequest) -> Page[Terminal]:
        """A page of terminals by id."""
        return self._terminals.page(actor.scope, wanted, request)

    def count_terminals(self, actor: Actor) -> TerminalCounts:
        """All terminals one may see, counted."""
        return self._terminals.counts(actor.scope)

    def terminal_bindings(self, actor: Actor, terminal: TerminalId) -> tuple[Binding, ...]:
        """Which cards rode in the terminal, newest first, at most 500."""
        self.terminal(actor, terminal)
        return self._terminals.bindings(actor.scope, terminal)

    def find_terminal(self, actor: Actor, serial: str) -> Terminal | None:
        """The terminal with exactly this serial."""
        return self._terminals.find(actor.scope, serial) if is_code(serial) else None

    def set_terminal_cadence(self, actor: Actor, terminal: TerminalId, cadence: Cadence) -> Terminal:
        """Change a terminal's cadence, and with it that of cards which ride in it; `registry.no_terminal`."""
        which = self.terminal(actor, terminal)
        if which.cadence is not cadence:
            detail = {"before": which.cadence.value, "cadence": cadence.value}
            audit = self._audit(actor, which.enterprise, "registry.set_cadence", f"terminal {terminal}", **detail)
            self._terminals.set_cadence(actor.scope, terminal, cadence, audit)
        return self.terminal(actor, terminal)

    # For other rooms: the platform itself asks, for all tenants

    def version(self) -> int:
        """Grows with each change of the registry."""
        return self._snapshots.version()

    def directory(self) -> Directory:
        """All numbers, for intake; the same object until numbers change."""
        return self._snapshots.directory()

    def export_profiles(self, folder: Path) -> ProfileSnapshot:
        """Profiles of the present version, for detection; written once a version."""
        return self._snapshots.export_profiles(folder)

    def owners(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]:
        """(holder, operator) of each card that exists."""
        return self._snapshots.owners(cards)

    def holdings(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId, int]]:
        """(holder, operator, class) of each card that exists."""
        return self._snapshots.holdings(cards)

    def speaks_for_all(self, actor: Actor) -> bool:
        """Whether she may change what holds for every card: the platform's own people, or the only operator's."""
        if actor.scope.enterprise is None:
            return True
        kinds = {one.id: one.kind for one in self._reference.enterprises(EVERYTHING)}
        operators = [number for number, kind in kinds.items() if kind is EnterpriseKind.OPERATOR]
        return operators == [actor.scope.enterprise]

    def _area(self, code: str) -> Area:
        for area in self._reference.areas():
            if area.code == code:
                return area
        raise NotFoundError("registry.no_area", area=code[:40])

    def _audit(
        self, actor: Actor, enterprise: EnterpriseId | None, action: str, subject: str, **detail: str | int | None
    ) -> AuditEntry:
        return AuditEntry(self._clock.now(), actor.name, enterprise, action, subject, detail)


def platform_only(actor: Actor) -> None:
    """Refuse one enterprise's people what concerns everybody: `registry.platform_only`."""
    if actor.scope.enterprise is not None:
        raise ForbiddenError("registry.platform_only")


def _plain(field: str, text: str, longest: int) -> None:
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise InvalidError("registry.text_form", field=field, longest=longest, value=text[:40])
