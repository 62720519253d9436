"""Inspection of real-name registration among newly joined cards of industry users (新入网行业用户实名登记检查). Pure.

Facts in: how many cards joined in a period, by holder, operator and state; which of them were used unregistered; which
are unregistered for longest. Out: one notice (通报) an enterprise. Registered means what rule R7 means by it: active.
A date of joining that an import file told counts; one that is only assumed, the time of the import, is counted apart:
else an old fleet would be accused as newly joined on the day it was imported.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from heapq import nsmallest
from typing import Final, TypeAlias

from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.registry.model import RealName

MOST_LATE: Final = 50
"""Cards that a part of a notice names, those longest without registration."""

Whose: TypeAlias = tuple[EnterpriseId, EnterpriseId]
"""(holder, operator)."""


class Verdict(StrEnum):
    """What a notice says of an enterprise."""

    MET = "met"
    USED = "used"  # enough are registered, but some of the others were used
    BELOW = "below"  # too few are registered
    NOTHING = "nothing"  # no card joined


@dataclass(frozen=True, slots=True)
class Joined:
    """How many cards joined in the period, and the earliest of them (seconds since the epoch)."""

    whose: Whose
    state: RealName
    cards: int
    earliest: int


@dataclass(frozen=True, slots=True)
class LateCard:
    """A card without registration. `joined_at` in seconds since the epoch."""

    card: CardId
    iccid: str
    state: RealName
    joined_at: int
    in_use: bool = False
    assumed: bool = False  # the date is


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of the cards that one enterprise holds of one operator.

    `in_use`: cards that rule R7 found used while unregistered, whatever their state is now. `undated`: cards that were
    in the registry before it kept times of joining, and so can be in no period. `assumed`: cards in the period whose
    date nobody told; they are among `states` and `late` only where that was asked for.
    """

    whose: Whose
    states: Mapping[RealName, int]
    in_use: int
    undated: int
    longest_since: int | None
    late: tuple[LateCard, ...]
    assumed: int = 0


@dataclass(frozen=True, slots=True)
class Inspection:
    """The head of a kept inspection: all days are UTC, both ends belong to the period."""

    id: int
    cadence: str
    since: date
    until: date
    made_at: datetime
    threshold: float  # least share of registered cards, 0 to 1


@dataclass(frozen=True, slots=True)
class Notice:
    """The report on one enterprise (通报), of all its cards that the reader may see."""

    enterprise: EnterpriseId
    operators: tuple[EnterpriseId, ...]
    states: Mapping[RealName, int]
    in_use: int
    undated: int
    longest_since: int | None
    late: tuple[LateCard, ...]
    verdict: Verdict
    assumed: int = 0

    @property
    def joined(self) -> int:
        """Cards that joined in the period."""
        return sum(self.states.values())

    @property
    def registered(self) -> int:
        """Those of them whose registration is active."""
        return self.states.get(RealName.ACTIVE, 0)

    @property
    def unregistered(self) -> int:
        """All the others."""
        return self.joined - self.registered

    @property
    def share(self) -> float | None:
        """Registered of joined; None where none joined."""
        return self.registered / self.joined if self.joined else None


def parts_of(
    joined: Iterable[Joined],
    late: Mapping[Whose, Sequence[LateCard]],
    used: Mapping[Whose, frozenset[CardId]],
    undated: Mapping[Whose, int],
    assumed: Mapping[Whose, int],
) -> tuple[Part, ...]:
    """One part for each holder and operator with a card in the period or an undated one, in their order."""
    states: dict[Whose, dict[RealName, int]] = defaultdict(dict)
    longest: dict[Whose, int] = {}
    for group in joined:
        states[group.whose][group.state] = states[group.whose].get(group.state, 0) + group.cards
        if group.state is not RealName.ACTIVE:
            longest[group.whose] = min(group.earliest, longest.get(group.whose, group.earliest))
    nobody: frozenset[CardId] = frozenset()
    return tuple(
        Part(
            whose=whose,
            states=states.get(whose, {}),
            in_use=len(used.get(whose, nobody)),
            undated=undated.get(whose, 0),
            longest_since=longest.get(whose),
            late=tuple(
                replace(one, in_use=one.card in used.get(whose, nobody)) for one in _longest(late.get(whose, ()))
            ),
            assumed=assumed.get(whose, 0),
        )
        for whose in sorted({*states, *undated, *assumed})
    )


def notices_of(parts: Iterable[Part], threshold: float) -> tuple[Notice, ...]:
    """One notice an enterprise: the worst verdict first, then the most unregistered cards."""
    by_enterprise: dict[EnterpriseId, list[Part]] = defaultdict(list)
    for part in parts:
        by_enterprise[part.whose[0]].append(part)
    notices = (_notice(enterprise, some, threshold) for enterprise, some in by_enterprise.items())
    return tuple(sorted(notices, key=lambda one: (_ORDER[one.verdict], -one.unregistered, one.enterprise)))


_ORDER: Final = {Verdict.BELOW: 0, Verdict.USED: 1, Verdict.MET: 2, Verdict.NOTHING: 3}


def _notice(enterprise: EnterpriseId, parts: Sequence[Part], threshold: float) -> Notice:
    states = {state: sum(part.states.get(state, 0) for part in parts) for state in RealName}
    in_use = sum(part.in_use for part in parts)
    since = [part.longest_since for part in parts if part.longest_since is not None]
    return Notice(
        enterprise=enterprise,
        operators=tuple(sorted(part.whose[1] for part in parts)),
        states=states,
        in_use=in_use,
        undated=sum(part.undated for part in parts),
        longest_since=min(since, default=None),
        late=_longest([card for part in parts for card in part.late]),
        verdict=judge(states, in_use, threshold),
        assumed=sum(part.assumed for part in parts),
    )


def judge(states: Mapping[RealName, int], in_use: int, threshold: float) -> Verdict:
    """The verdict on cards by state, `in_use` of which were used while unregistered."""
    joined, registered = sum(states.values()), states.get(RealName.ACTIVE, 0)
    if not joined:
        return Verdict.NOTHING
    if registered < threshold * joined:
        return Verdict.BELOW
    return Verdict.USED if in_use else Verdict.MET


def _longest(cards: Iterable[LateCard]) -> tuple[LateCard, ...]:
    return tuple(nsmallest(MOST_LATE, cards, key=lambda one: (one.joined_at, one.card)))
