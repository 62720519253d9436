"""Found against planted: what a run is worth. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Claim: TypeAlias = tuple[str, str, str]
"""(rule, subject kind, subject number): planted by the simulator or found by a scan."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts a rule; `missed` were planted and not found, `false` found and not planted. `seconds` of wall time."""

    planted: dict[str, int]
    found: dict[str, int]
    missed: int
    false: int
    records: int
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether everything planted was found, and nothing else."""
        return self.missed == self.false == 0


def judge(planted: Iterable[Claim], found: Iterable[Claim], *, records: int, seconds: float) -> Verdict:
    """Compare claim by claim, not count by count: a miss and a false hit of one rule do not cancel out."""
    expected, seen = set(planted), set(found)
    return Verdict(
        planted=_by_rule(expected),
        found=_by_rule(seen),
        missed=len(expected - seen),
        false=len(seen - expected),
        records=records,
        seconds=round(seconds, 3),
    )


def _by_rule(claims: set[Claim]) -> dict[str, int]:
    return dict(sorted(Counter(rule for rule, _, _ in claims).items()))
