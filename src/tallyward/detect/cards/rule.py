"""A rule as it stands after loading: texts for people, limits, faults with checked trees, tests. Pure values."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tallyward.detect.cards.baseline import ByBaseline
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.logic import Missing
from tallyward.detect.cards.tree import Predicate, Scalar, columns
from tallyward.detect.cards.vocabulary import Column
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import RuleId

Severity: TypeAlias = Literal["low", "medium", "high"]
Texts: TypeAlias = dict[Language, str]


@dataclass(frozen=True, slots=True)
class Across:
    """Cards counted by a second key, over all buckets: `at_least` different cards with one value of `key`."""

    key: Column
    at_least: Column


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a rule.

    It holds for a card that has at least one record where `record` is true, and where `card` is true, its aggregates
    taken over those records. `across`: the records are counted by another key instead. `observed` and `limit` are
    what a finding shows; `texts` are the conditions as written, by key.
    """

    name: str
    record: Predicate
    card: Predicate
    missing: Missing
    across: Across | None
    observed: Scalar
    limit: Column | None
    origin: LimitOrigin
    unit: str
    why: Texts
    normal: Texts
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A test of a rule: what one card's day looks like, and whether the rule must find it."""

    name: str
    profile: dict[str, int]
    records: tuple[dict[str, int], ...]
    on_list: tuple[int, ...]
    prone: tuple[int, ...]
    places: dict[int, tuple[float, float]]
    earlier: tuple[dict[str, int], ...]
    other_cards: int
    hit: bool
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `version` changes with every change of what it finds, and with nothing else."""

    id: RuleId
    version: str
    severity: Severity
    title: Texts
    description: Texts
    reference: str
    limits: dict[str, int | float]
    faults: tuple[Fault, ...]
    trials: tuple[Trial, ...]
    file: str
    text: str  # of the whole file, as it was read
    baselines: dict[str, ByBaseline] = field(default_factory=dict)
    """Limits that follow from what is usual of a class, by name; `limits` has what they are where nothing is known."""

    @property
    def limit_texts(self) -> dict[str, str]:
        """The rule's limits as people read them."""
        return {
            name: self.baselines[name].text(value) if name in self.baselines else str(value)
            for name, value in self.limits.items()
        }

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions as people wrote them, one text a fault."""
        return tuple(
            " AND ".join(f"({text})" if len(fault.texts) > 1 else text for text in fault.texts.values())
            for fault in self.faults
        )


def columns_of(fault: Fault) -> tuple[Column, ...]:
    """Every column that a fault looks at or shows."""
    named = (*columns(fault.record), *columns(fault.card), *columns(fault.observed))
    across = (fault.across.at_least,) if fault.across else ()
    return (*named, *across, *((fault.limit,) if fault.limit else ()))
