"""What lists of cards and terminals can be asked for, and their counts. Pure."""

from dataclasses import dataclass

from tallyward.kernel.ids import CardId
from tallyward.registry.cadence import Cadence
from tallyward.registry.model import Access, RealName, Usage


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Cards that meet every condition that is set. `q` is how an ICCID, IMSI or MSISDN begins; codes are codes."""

    q: str = ""
    card_class: str | None = None
    real_name: RealName | None = None
    enterprise: str | None = None
    home_area: str | None = None
    fixed: bool | None = None
    ids: frozenset[CardId] | None = None
    cadence: Cadence | None = None  # its own


@dataclass(frozen=True, slots=True)
class CardCounts:
    """How many cards: in all, by state, by code of class and of home area ("" where it is not known)."""

    total: int
    by_real_name: dict[RealName, int]
    by_class: dict[str, int]
    by_area: dict[str, int]


@dataclass(frozen=True, slots=True)
class TerminalFilter:
    """Terminals that meet every condition that is set. `q` is how a serial or an IMEI begins."""

    q: str = ""
    enterprise: str | None = None
    access: Access | None = None
    usage: Usage | None = None
    fixed: bool | None = None
    cadence: Cadence | None = None


@dataclass(frozen=True, slots=True)
class TerminalCounts:
    """How many terminals: in all, by access, by usage, and those that stay in one place."""

    total: int
    by_access: dict[Access, int]
    by_usage: dict[Usage, int]
    fixed: int
