"""What the platform found on the ledger and beside it, against what was planted. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Named: TypeAlias = tuple[str, str]
"""(kind of break, card number), or (code of refusal, hash of the entry's body in hex digits)."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind of break, or one code of refusal."""

    planted: int
    found: int
    missed: int
    invented: int


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """`kinds` by name; `missed` were planted and not found, `invented` found and not planted, both in order."""

    kinds: dict[str, Count]
    missed: tuple[Named, ...]
    invented: tuple[Named, ...]

    @property
    def exact(self) -> bool:
        """Whether everything planted was found, and nothing else."""
        return not self.missed and not self.invented

    @property
    def planted(self) -> int:
        """How many in all."""
        return sum(one.planted for one in self.kinds.values())

    @property
    def found(self) -> int:
        """How many in all."""
        return sum(one.found for one in self.kinds.values())


def judge_chain(planted: Iterable[Named], found: Iterable[Named]) -> ChainVerdict:
    """Compare name by name: a card found under another kind is one missed and one invented."""
    expected, seen = set(planted), set(found)
    missed, invented = expected - seen, seen - expected
    by_kind = [Counter(kind for kind, _ in names) for names in (expected, seen, missed, invented)]
    kinds = sorted(by_kind[0].keys() | by_kind[1].keys())
    return ChainVerdict(
        kinds={kind: Count(*(counts[kind] for counts in by_kind)) for kind in kinds},
        missed=tuple(sorted(missed)),
        invented=tuple(sorted(invented)),
    )
