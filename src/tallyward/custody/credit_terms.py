"""The constants of the credit score, as one signed-able set: factors, priors, strengths, grades, quotas. Pure data.

Priors are what is believed of an organisation before it has done anything: rates of the population. They are terms,
not counted from the ledger at each height, so that nobody's misdeed lifts the score of another; `credit.measured`
counts them for whoever sets new terms.
"""

from dataclasses import astuple, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from tallyward.custody.break_kinds import Break
from tallyward.custody.codec import Item, encode

MILLION: Final = 1_000_000


class Factor(StrEnum):
    """What counts. The codes are in signed statements: never renamed."""

    UNREGISTERED = "unregistered"
    BREAKS = "breaks"
    REAL_NAME = "real_name"
    DESCENDANTS = "descendants"
    OVER_AGE = "over_age"
    STOCK_REPORT = "stock_report"
    LATENESS = "lateness"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Weighing:
    """How a factor counts. `prior`: the population's rate, in millionths; `strength`: cards that the prior is worth.

    `points`: for each nat between the logits of prior and posterior; `gain`: the most that can be won.
    """

    factor: Factor
    prior: int
    strength: int
    points: int
    gain: int


@dataclass(frozen=True, slots=True)
class Terms:
    """All constants of a score. `grades`: (grade, least score, quota of cards), best first.

    `newcomer`: points that an organisation without history stands below `base`: one standard deviation of the
    population. They go as it grows `senior_days` old and `senior_cards` pass through its hands without a break.
    """

    weighings: tuple[Weighing, ...]
    base: int
    newcomer: int
    senior_days: int
    senior_cards: int
    newcomer_quota: int
    cap: int
    cap_days: int
    grades: tuple[tuple[str, int, int], ...]

    @property
    def digest(self) -> bytes:
        """By which a statement names them."""
        return sha256(b"tallyward credit terms v1\0" + encode(_plain(astuple(self)))).digest()

    def grade(self, score: int) -> tuple[str, int]:
        """(grade, quota of cards) of a score."""
        return next((name, quota) for name, least, quota in self.grades if score >= least)


TERMS: Final = Terms(
    weighings=(
        Weighing(Factor.UNREGISTERED, 2_000, 500, 90, 60),
        Weighing(Factor.BREAKS, 5_000, 200, 40, 45),
        Weighing(Factor.REAL_NAME, 20_000, 50, 40, 45),
        Weighing(Factor.DESCENDANTS, 5_000, 200, 60, 60),
        Weighing(Factor.OVER_AGE, 50_000, 20, 25, 30),
        Weighing(Factor.STOCK_REPORT, 10_000, 100, 30, 35),
        Weighing(Factor.LATENESS, 50_000, 20, 30, 25),
        Weighing(Factor.REFUSED, 10_000, 100, 70, 50),
    ),
    base=650,
    newcomer=100,
    senior_days=180,
    senior_cards=200,
    newcomer_quota=2_000,
    cap=300,
    cap_days=365,
    grades=(("A", 800, 10_000_000), ("B", 700, 1_000_000), ("C", 550, 100_000), ("D", 400, 5_000), ("E", 0, 0)),
)
"""The shipped terms. No public data exist to fit them: docs/custody-credit.md says why each is what it is."""

OVER_AGE_DAYS: Final = 365
"""After so many days with one holder, cards in stock are over age."""
OFFER_GRACE_DAYS: Final = 7
"""So long after its deadline an offer may still be settled without counting as a break."""
HOPS: Final = (4, 2, 1)
"""Quarters that misuse counts for whoever sold the card, who sold it to that one, and who sold it to this one."""

UNREGISTERED_RULES: Final = frozenset(
    {
        Break.STOCK_IN_USE,
        Break.IN_TRANSIT_IN_USE,
        Break.BEFORE_ACTIVATION,
        Break.LOST_IN_USE,
        Break.PERSON_OVER_QUOTA,
    }
)
"""Rules of incidents that say: unregistered, but active. The other codes of `Break` are breaks of the last holder."""
PROVEN: Final = frozenset({"forgery", "double_sale"})
"""Rules of incidents about a member's attempts that cap its score."""


def _plain(value: object) -> Item:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, int) else str(value)
