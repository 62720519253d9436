"""What keeping rules and whitelist entries needs from outside: stores whose writers take turns, and the registry."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from tallyward.detect.kept_rules import Version
from tallyward.detect.whitelist import Entry, Removal
from tallyward.kernel.actor import Actor, Scope
from tallyward.kernel.ids import CardId, EnterpriseId, RuleId
from tallyward.registry.audit import AuditEntry
from tallyward.registry.model import Card, CardClass, Enterprise


class RuleWork(Protocol):
    """One change of kept rules, alone among its writers until it is committed."""

    def newest(self) -> tuple[Version, ...]:
        """The newest version of each rule that has one."""
        ...

    def versions(self, rule: RuleId) -> tuple[Version, ...]:
        """All versions of a rule, newest first."""
        ...

    def keep(self, version: Version, audit: AuditEntry) -> None:
        """Add a version; its number must be the next of its rule."""
        ...


class RuleStore(Protocol):
    """Keeps versions of rules. They hold for every enterprise."""

    def changes(self) -> int:
        """Grows with each version, by whatever process."""
        ...

    def newest(self) -> tuple[int, tuple[Version, ...]]:
        """(changes, the newest version of each rule), as of one moment."""
        ...

    def versions(self, rule: RuleId) -> tuple[Version, ...]:
        """All versions of a rule, newest first."""
        ...

    def work(self, scope: Scope) -> AbstractContextManager[RuleWork]:
        """A change: all of it is kept, or nothing."""
        ...


class WhitelistStore(Protocol):
    """Keeps entries. Every reading sees the rows of its scope only."""

    def add(self, scope: Scope, entry: Entry, most: int, audit: AuditEntry) -> Entry | None:
        """The entry with its number; None where `most` valid ones are kept already."""
        ...

    def valid(self, now: datetime) -> tuple[Entry, ...]:
        """Every entry that works now, of all tenants."""
        ...

    def valid_numbers(self, now: datetime) -> tuple[int, ...]:
        """Their numbers, in order."""
        ...

    def entries(self, scope: Scope, limit: int) -> tuple[Entry, ...]:
        """Newest first, also those that work no more."""
        ...

    def one(self, scope: Scope, number: int) -> Entry | None:
        """One of them."""
        ...

    def remove(self, scope: Scope, number: int, removal: Removal, audit: AuditEntry) -> bool:
        """Take one back; False where that was done before."""
        ...


class Registered(Protocol):
    """Who exists (`registry.service.RegistryService`)."""

    def find_card(self, actor: Actor, text: str) -> Card | None:
        """By ICCID, IMSI or MSISDN."""
        ...

    def enterprises(self, actor: Actor) -> tuple[Enterprise, ...]:
        """By code."""
        ...

    def card_classes(self) -> tuple[CardClass, ...]:
        """By code."""
        ...

    def holdings(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId, int]]:
        """(holder, operator, class) of the cards that exist."""
        ...

    def speaks_for_all(self, actor: Actor) -> bool:
        """Whether she may change what holds for every card."""
        ...
