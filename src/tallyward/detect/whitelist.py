"""Entries of the whitelist: findings of a rule, on some cards, that open no incident until a moment. Pure.

One function decides for the traversal and for what is followed live. Nothing is lost by it: findings that are held
back are counted and told, and an entry that is out of date holds nothing back any more, without anybody's doing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from tallyward.detect.cards.finding import Finding
from tallyward.kernel.actor import PLATFORM, Scope
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import CardId, EnterpriseId, RuleId

LONGEST: Final = timedelta(days=366)
LONGEST_REASON: Final = 500


class Reach(StrEnum):
    """Which cards an entry speaks of."""

    CARD = "card"
    ENTERPRISE = "enterprise"  # all cards that it holds
    CARD_CLASS = "card_class"


class Standing(StrEnum):
    """Whether an entry works."""

    VALID = "valid"
    EXPIRED = "expired"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Removal:
    """Who took an entry back, and when."""

    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `rule` None: every rule. `target` is the id of the card, enterprise or class, `name` what people say.

    `operator`: only cards it issued, None for those of every operator. `holder`: whose cards they are, where these are
    one enterprise's. It works while `since` <= now < `until`.
    """

    id: int
    rule: RuleId | None
    reach: Reach
    target: int
    name: str
    holder: EnterpriseId | None
    operator: EnterpriseId | None
    reason: str
    author: str | None
    enterprise: EnterpriseId | None
    since: datetime
    until: datetime
    removed: Removal | None = None

    def standing(self, now: datetime) -> Standing:
        """Whether it works now."""
        if self.removed is not None:
            return Standing.REMOVED
        return Standing.VALID if now < self.until else Standing.EXPIRED

    def seen_by(self, scope: Scope) -> "Entry":
        """The entry without the names of another enterprise's people."""
        if scope.enterprise in {None, self.enterprise} or self.author == PLATFORM.name:
            return self
        return replace(self, author=None, removed=self.removed and replace(self.removed, by=None))


class Holding(NamedTuple):
    """What the registry knows of a card that entries may speak of."""

    holder: EnterpriseId
    operator: EnterpriseId
    card_class: int


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings that may open incidents, and how many of each rule are held back."""

    passed: tuple[Finding, ...]
    held: dict[RuleId, int]


def sift(
    findings: Sequence[Finding], entries: Iterable[Entry], cards: Mapping[CardId, Holding], now: datetime
) -> Sifted:
    """Part the findings by the entries that are valid at `now`; a finding of no known card always passes."""
    index: defaultdict[tuple[Reach, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.standing(now) is Standing.VALID:
            index[entry.reach, entry.target].append(entry)
    passed, held = [], Counter[RuleId]()
    for finding in findings:
        if _listed(finding, index, cards.get(finding.card)):
            held[finding.rule] += 1
        else:
            passed.append(finding)
    return Sifted(tuple(passed), dict(sorted(held.items())))


def _listed(finding: Finding, index: Mapping[tuple[Reach, int], list[Entry]], card: Holding | None) -> bool:
    if card is None:
        return False
    places = (
        (Reach.CARD, int(finding.card)),
        (Reach.ENTERPRISE, int(card.holder)),
        (Reach.CARD_CLASS, card.card_class),
    )
    return any(
        entry.rule in {None, finding.rule} and entry.operator in {None, card.operator}
        for place in places
        for entry in index.get(place, ())
    )


def checked_reason(reason: str) -> str:
    """Trimmed; refuses with `detect.whitelist_reason` where there is none, or too much of it."""
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or "\x00" in text:
        raise InvalidError("detect.whitelist_reason", most=LONGEST_REASON)
    return text


def check_until(until: datetime, now: datetime) -> None:
    """Refuse with `detect.whitelist_until` what is over already or lasts longer than 366 days."""
    if not now < until <= now + LONGEST:
        raise InvalidError("detect.whitelist_until", most=LONGEST.days)
