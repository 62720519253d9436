"""The whitelist as use cases: who may hold which findings back, and what is held back now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.finding import Finding
from tallyward.detect.cards.unknown import CUSTODY
from tallyward.detect.keeping_ports import Registered, WhitelistStore
from tallyward.detect.whitelist import Entry, Holding, Reach, Removal, Sifted, check_until, checked_reason, sift
from tallyward.kernel.actor import Actor
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TooLargeError
from tallyward.kernel.ids import EnterpriseId, RuleId
from tallyward.registry.audit import AuditEntry
from tallyward.registry.model import Enterprise, EnterpriseKind

MOST_VALID: Final = 10_000
MOST_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What a person says. `target`: ICCID, IMSI or MSISDN of a card, code of an enterprise, code of a card class.

    `operator` is the code of the one whose cards are meant, where a class is named by the platform's own people.
    """

    rule: RuleId | None
    reach: Reach
    target: str
    reason: str
    until: datetime
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class _Whose:
    target: int
    name: str
    holder: EnterpriseId | None
    operator: EnterpriseId | None


class Whitelist:
    """The use cases. An operator holds back findings on cards it issued; the platform's own people on any."""

    def __init__(
        self, store: WhitelistStore, registered: Registered, book: Callable[[], RuleBook], clock: Clock
    ) -> None:
        """`book` gives the rules in use."""
        self._store = store
        self._registered = registered
        self._book = book
        self._clock = clock

    def sift(self, findings: Sequence[Finding]) -> Sifted:
        """Part findings by the entries that are valid now."""
        now = self._clock.now()
        entries = self._store.valid(now) if findings else ()
        cards = sorted({finding.card for finding in findings if finding.card}) if entries else []
        holdings = {card: Holding(*what) for card, what in self._registered.holdings(cards).items()} if cards else {}
        return sift(findings, entries, holdings, now)

    def mark(self) -> str:
        """Names the entries that are valid now."""
        return ",".join(map(str, self._store.valid_numbers(self._clock.now())))

    def entries(self, actor: Actor) -> tuple[Entry, ...]:
        """Entries one may see, newest first, also those that work no more; at most MOST_LISTED."""
        return tuple(one.seen_by(actor.scope) for one in self._store.entries(actor.scope, MOST_LISTED))

    def now(self) -> datetime:
        """The moment by which an entry's standing is told."""
        return self._clock.now()

    def add(self, actor: Actor, wish: NewEntry) -> Entry:
        """Hold findings back until a moment.

        Refuses with `detect.whitelist_reason`, `detect.whitelist_until`, `detect.no_rule`, `detect.whitelist_target`,
        `detect.whitelist_operator`, `detect.whitelist_operators_only`, `detect.whitelist_full`.
        """
        self._check_operator(actor)
        now, reason = self._clock.now(), checked_reason(wish.reason)
        check_until(wish.until, now)
        if wish.rule not in {None, CUSTODY.id} and self._book().rule(wish.rule) is None:
            raise NotFoundError("detect.no_rule", rule=wish.rule[:40])
        whose = self._whose(actor, wish)
        entry = Entry(
            id=0,
            rule=wish.rule,
            reach=wish.reach,
            target=whose.target,
            name=whose.name,
            holder=whose.holder,
            operator=whose.operator,
            reason=reason,
            author=actor.name,
            enterprise=actor.scope.enterprise,
            since=now,
            until=wish.until,
        )
        subject = f"whitelist {wish.reach} {whose.name}"
        detail = {"rule": wish.rule, "until": wish.until.isoformat(), "reason": reason}
        kept = self._store.add(
            actor.scope, entry, MOST_VALID, self._audit(actor, entry, "whitelist.add", subject, detail)
        )
        if kept is None:
            raise TooLargeError("detect.whitelist_full", most=MOST_VALID)
        return kept

    def remove(self, actor: Actor, number: int) -> Entry:
        """Take an entry back; it stays listed. Refuses with `detect.no_entry`, `detect.whitelist_over`."""
        self._check_operator(actor)
        entry = self._store.one(actor.scope, number)
        if entry is None or actor.scope.enterprise not in {None, entry.operator}:
            raise NotFoundError("detect.no_entry", id=number)
        now = self._clock.now()
        audit = self._audit(actor, entry, "whitelist.remove", f"whitelist {entry.reach} {entry.name}", {"id": number})
        done = now < entry.until and self._store.remove(actor.scope, number, Removal(now, actor.name), audit)
        if not done:
            raise ConflictError("detect.whitelist_over", id=number)
        found = self._store.one(actor.scope, number)
        return (found or entry).seen_by(actor.scope)

    def _whose(self, actor: Actor, wish: NewEntry) -> _Whose:
        if wish.reach is Reach.CARD:
            card = self._registered.find_card(actor, wish.target)
            if card is None or actor.scope.enterprise not in {None, card.operator}:
                raise _unknown(wish)
            return _Whose(card.id, card.iccid, card.enterprise, card.operator)
        if wish.reach is Reach.ENTERPRISE:
            holder = self._enterprise(actor, wish.target)
            if holder is None:
                raise _unknown(wish)
            return _Whose(holder.id, holder.code, holder.id, actor.scope.enterprise)
        known = next((one for one in self._registered.card_classes() if one.code == wish.target), None)
        if known is None:
            raise _unknown(wish)
        return _Whose(known.id, known.code, None, self._operator(actor, wish.operator))

    def _operator(self, actor: Actor, code: str | None) -> EnterpriseId:
        """Whose cards of a class are meant: her own enterprise's, the one named, or the only operator's."""
        if actor.scope.enterprise is not None:
            return actor.scope.enterprise
        operators = [one for one in self._registered.enterprises(actor) if one.kind is EnterpriseKind.OPERATOR]
        meant = [one for one in operators if code in {None, one.code}]
        if len(meant) != 1:
            raise InvalidError("detect.whitelist_operator", operators=len(operators))
        return meant[0].id

    def _enterprise(self, actor: Actor, code: str) -> Enterprise | None:
        return next((one for one in self._registered.enterprises(actor) if one.code == code), None)

    def _check_operator(self, actor: Actor) -> None:
        """A holder must not hold back what is found on her own cards: refuse with `detect.whitelist_operators_only`."""
        own = actor.scope.enterprise
        known = {one.id: one.kind for one in self._registered.enterprises(actor)} if own is not None else {}
        if own is not None and known.get(own) is not EnterpriseKind.OPERATOR:
            raise ForbiddenError("detect.whitelist_operators_only")

    def _audit(
        self, actor: Actor, entry: Entry, action: str, subject: str, detail: Mapping[str, str | int | None]
    ) -> AuditEntry:
        told = {name: value for name, value in detail.items() if value is not None}
        return AuditEntry(self._clock.now(), actor.name, entry.holder or entry.operator, action, subject, told)


def _unknown(wish: NewEntry) -> NotFoundError:
    return NotFoundError("detect.whitelist_target", reach=wish.reach.value, target=wish.target[:40])
