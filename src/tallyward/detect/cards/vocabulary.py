"""The words a rule may use: columns of a record and of a card's profile, functions, names of services and modes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from tallyward.detect.cards.baseline import MOST, ByBaseline
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.records.schema import Service
from tallyward.registry.model import FunctionMode
from tallyward.registry.profile_schema import LIMIT_FIELDS


class Kind(StrEnum):
    """What a value is. Only numbers have an order and add up; the rest is equal or not, within its kind."""

    NUMBER = "number"
    FLAG = "flag"
    SERVICE = "service"
    MODE = "mode"
    IMEI = "imei"
    PEER = "peer"
    CELL = "cell"
    AREA = "area"
    NETWORK = "network"
    RAT = "rat"
    LIST = "list"


class Home(StrEnum):
    """Where a column lives."""

    RECORD = "record"
    PROFILE = "profile"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `most` is its largest value; `absent`: 0 means that nothing is known.

    `default` is what a limit is where nothing else sets it; None for all others. `baseline`: before that, it follows
    from what is usual of the card's class; `by_class` has (class, limit) once that is set into the rule.
    """

    name: str
    kind: Kind
    home: Home
    most: int = 0
    absent: bool = False
    origin: LimitOrigin | None = None
    default: int | float | None = None
    baseline: ByBaseline | None = field(default=None, repr=False)  # not told: versions of rules without one stay
    by_class: tuple[tuple[int, int], ...] = field(default=(), repr=False)


def _record(name: str, kind: Kind, bits: int, *, absent: bool = False) -> Column:
    return Column(name, kind, Home.RECORD, (1 << bits) - 1, absent)


def _profile(name: str, kind: Kind, bits: int, origin: LimitOrigin, *, absent: bool = False) -> Column:
    return Column(name, kind, Home.PROFILE, (1 << bits) - 1, absent, origin)


_CARD, _LIST = LimitOrigin.CARD, LimitOrigin.LIST

RECORD_COLUMNS: Final = {
    column.name: column
    for column in (
        _record("ts", Kind.NUMBER, 32),
        _record("dur", Kind.NUMBER, 32),
        _record("svc", Kind.SERVICE, 8),
        _record("imei", Kind.IMEI, 64, absent=True),
        _record("peer", Kind.PEER, 64, absent=True),
        _record("up", Kind.NUMBER, 32),
        _record("dn", Kind.NUMBER, 32),
        _record("cell", Kind.CELL, 32, absent=True),
        _record("area", Kind.AREA, 16, absent=True),
        _record("plmn", Kind.NETWORK, 32, absent=True),
        _record("rat", Kind.RAT, 8, absent=True),
    )
}

PROFILE_COLUMNS: Final = {
    column.name: column
    for column in (
        _profile("svc_mask", Kind.NUMBER, 8, _CARD),
        _profile("data_mode", Kind.MODE, 8, _CARD),
        _profile("sms_mode", Kind.MODE, 8, _CARD),
        _profile("voice_mode", Kind.MODE, 8, _CARD),
        _profile("data_list", Kind.LIST, 32, _LIST, absent=True),
        _profile("sms_list", Kind.LIST, 32, _LIST, absent=True),
        _profile("voice_list", Kind.LIST, 32, _LIST, absent=True),
        _profile("roam_ok", Kind.FLAG, 8, _CARD),
        _profile("home_area", Kind.AREA, 16, LimitOrigin.AREA, absent=True),
        _profile("fixed", Kind.FLAG, 8, _CARD),
        _profile("home_cell", Kind.CELL, 32, _CARD, absent=True),
        _profile("imei_bound", Kind.IMEI, 64, LimitOrigin.BINDING, absent=True),
        _profile("rn_active", Kind.FLAG, 8, LimitOrigin.REGISTRY),
    )
}

LIMIT_BITS: Final = {name: 64 if name.endswith("_bytes") else 32 for name in LIMIT_FIELDS}

WORDS: Final[dict[Kind, dict[str, int]]] = {
    Kind.SERVICE: {service.name.lower(): int(service) for service in Service},
    Kind.MODE: {mode.name.lower(): int(mode) for mode in FunctionMode},
}
"""Kinds whose values have names: `svc = 'voice'`, `data_mode = 'directed'`."""

PREDICATES: Final = ("absent", "fraud_prone", "on_list")
AGGREGATES: Final = ("active_hours", "count", "count_distinct", "max", "min", "month_sum", "peak_sum", "span_km", "sum")


def limit_column(name: str, default: float, baseline: ByBaseline | None = None) -> Column:
    """A limit: of card or class where `name` is one of theirs, else the rule's alone."""
    most = (1 << LIMIT_BITS[name]) - 1 if name in LIMIT_BITS else max(int(default) + 1, MOST if baseline else 1)
    return Column(name, Kind.NUMBER, Home.LIMIT, most, default=default, baseline=baseline)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like `name`, or all known names where none is like it."""
    names = sorted(known)
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.55)
    return close[0] if close else ", ".join(names)
