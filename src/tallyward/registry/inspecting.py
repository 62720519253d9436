"""Inspections as use cases: look at a period, keep what was found, read what one may see of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from tallyward.kernel.actor import EVERYTHING, Actor, Scope
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.registry.inspection import Inspection, Joined, LateCard, Notice, Part, Whose, notices_of, parts_of
from tallyward.registry.inspection_period import Cadence, Period, last_whole

UsedUnregistered: TypeAlias = Callable[[Scope, Period], Iterator[Sequence[CardId]]]
"""Cards found used without registration since a period began, some at a time. Incidents know it, a room above."""

DEFAULT_THRESHOLD: Final = 1.0
GRACE: Final = timedelta(hours=6)
"""How long after its end a period is inspected: files of its last hours still come, and its last day is scanned."""
LOOK_AGAIN: Final = timedelta(minutes=10)


class InspectionStore(Protocol):
    """Facts about cards of industry users, and kept inspections. Every reading sees the rows of its scope only.

    `also_assumed`: cards whose date of joining nobody told, too.
    """

    def joined(self, scope: Scope, period: Period, *, also_assumed: bool = False) -> tuple[Joined, ...]:
        """Cards that joined, counted."""
        ...

    def assumed(self, scope: Scope, period: Period) -> Mapping[Whose, int]:
        """Cards in the period whose date of joining was only assumed: the time of their import."""
        ...

    def late(self, scope: Scope, period: Period, *, also_assumed: bool = False) -> Mapping[Whose, Sequence[LateCard]]:
        """Of those the unregistered: the first to join of each holder and operator, at most MOST_LATE."""
        ...

    def undated(self, scope: Scope) -> Mapping[Whose, int]:
        """Cards of which nobody knows when they joined."""
        ...

    def among_joined(
        self, scope: Scope, period: Period, cards: Sequence[CardId], *, also_assumed: bool = False
    ) -> Iterable[tuple[Whose, CardId]]:
        """Those of `cards` that joined in the period."""
        ...

    def keep(self, cadence: Cadence, period: Period, at: datetime, threshold: float, parts: Sequence[Part]) -> bool:
        """Keep an inspection whole; False where the one of this cadence and period is kept already."""
        ...

    def kept(self, cadence: Cadence, period: Period) -> bool:
        """Whether it is."""
        ...

    def page(self, scope: Scope, request: PageRequest) -> Page[tuple[Inspection, tuple[Part, ...]]]:
        """Kept inspections with parts in the scope, newest first, without late cards. Key: (id,)."""
        ...

    def one(self, scope: Scope, inspection: int) -> tuple[Inspection, tuple[Part, ...]] | None:
        """One of them, without late cards."""
        ...

    def of_enterprise(
        self, scope: Scope, inspection: int, enterprise: EnterpriseId
    ) -> tuple[Inspection, tuple[Part, ...]] | None:
        """One of them, the parts of one enterprise only, with their late cards."""
        ...


@dataclass(frozen=True, slots=True)
class Inspected:
    """An inspection and a notice for each enterprise, the worst first."""

    inspection: Inspection
    notices: tuple[Notice, ...]


class Inspections:
    """The use cases."""

    def __init__(
        self,
        store: InspectionStore,
        used: UsedUnregistered,
        clock: Clock,
        *,
        threshold: float = DEFAULT_THRESHOLD,
        cadences: Sequence[Cadence] = (),
        also_assumed: bool = False,
    ) -> None:
        """`threshold` is the least share of registered cards; `cadences` are those made by schedule.

        `also_assumed`: inspect cards too whose date of joining nobody told, as if they joined when they were imported.
        """
        self._store = store
        self._used = used
        self._clock = clock
        self._threshold = threshold
        self._cadences = tuple(cadences)
        self._also_assumed = also_assumed
        self._empty: dict[tuple[Cadence, Period], datetime] = {}

    def inspect(self, actor: Actor, period: Period, *, also_assumed: bool = False) -> Inspected:
        """Look at a period now, of the cards one may see; nothing is kept."""
        head = Inspection(0, "once", period.since, period.until, self._clock.now(), self._threshold)
        return Inspected(head, notices_of(self._parts(actor.scope, period, also_assumed=also_assumed), self._threshold))

    def make_due(self) -> int:
        """Make and keep each scheduled inspection whose period is over and that is not kept yet; gives their number.

        A period in which no card joined is not kept but looked at again: its files may still come.
        """
        made = 0
        now = self._clock.now()
        for cadence in self._cadences:
            period = last_whole(cadence, (now - GRACE).date())
            looked = self._empty.get((cadence, period))
            if (looked is not None and now - looked < LOOK_AGAIN) or self._store.kept(cadence, period):
                continue
            if not self._store.joined(EVERYTHING, period, also_assumed=True):
                self._empty = {(cadence, period): now} | {
                    key: at for key, at in self._empty.items() if key[0] != cadence
                }
                continue
            parts = self._parts(EVERYTHING, period, also_assumed=False)
            made += self._store.keep(cadence, period, now, self._threshold, parts)
        return made

    def page(self, actor: Actor, request: PageRequest) -> Page[Inspected]:
        """Kept inspections of which one may see a part, newest first; notices without their cards."""
        found = self._store.page(actor.scope, request)
        return Page(tuple(_inspected(*row) for row in found.rows), found.next_cursor)

    def one(self, actor: Actor, inspection: int) -> Inspected:
        """One of them, or `registry.no_inspection`."""
        found = self._store.one(actor.scope, inspection)
        if found is None:
            raise NotFoundError("registry.no_inspection", id=inspection)
        return _inspected(*found)

    def notice(self, actor: Actor, inspection: int, enterprise: EnterpriseId) -> tuple[Inspection, Notice]:
        """The notice on one enterprise with its cards, or `registry.no_inspection`."""
        found = self._store.of_enterprise(actor.scope, inspection, enterprise)
        if found is None:
            raise NotFoundError("registry.no_inspection", id=inspection)
        head, parts = found
        return head, notices_of(parts, head.threshold)[0]

    def _parts(self, scope: Scope, period: Period, *, also_assumed: bool) -> tuple[Part, ...]:
        also = also_assumed or self._also_assumed
        used: dict[Whose, set[CardId]] = {}
        for cards in self._used(scope, period):
            for whose, card in self._store.among_joined(scope, period, cards, also_assumed=also):
                used.setdefault(whose, set()).add(card)
        return parts_of(
            self._store.joined(scope, period, also_assumed=also),
            self._store.late(scope, period, also_assumed=also),
            {whose: frozenset(cards) for whose, cards in used.items()},
            self._store.undated(scope),
            self._store.assumed(scope, period),
        )


def _inspected(head: Inspection, parts: Sequence[Part]) -> Inspected:
    return Inspected(head, notices_of(parts, head.threshold))
