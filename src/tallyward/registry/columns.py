"""The columns of import and export files, one table a kind: the one place that checks, files and documents follow.

Rows are whole: an absent optional column is a column of empty cells, and an empty cell means what `empty` says, for a
row that is new and for one that changes. References are codes or numbers that stand on labels, never our ids.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from tallyward.registry.cadence import Cadence
from tallyward.registry.model import Access, EnterpriseKind, FunctionMode, PeerKind, RealName, Usage


class Kind(StrEnum):
    """What a file holds; also its name in commands."""

    ENTERPRISES = "enterprises"
    CLASSES = "classes"
    AREAS = "areas"
    CELLS = "cells"
    GROUP_LISTS = "group_lists"
    TERMINALS = "terminals"
    CARDS = "cards"
    BINDINGS = "bindings"


class Form(Enum):
    """How the text of a cell is read."""

    CODE = auto()
    TEXT = auto()
    CHOICE = auto()
    FLAG = auto()
    COUNT = auto()
    LATITUDE = auto()
    LONGITUDE = auto()
    MOMENT = auto()
    ICCID = auto()
    IMSI = auto()
    MSISDN = auto()
    IMEI = auto()
    CGI = auto()
    PLMNS = auto()
    PEER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required` cells may not be empty; `empty` says what an empty cell means where it may be."""

    name: str
    form: Form
    meaning: str
    required: bool = False
    empty: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 64  # characters, for CODE and TEXT
    most: int = 2**63 - 1  # for COUNT


_U32: Final = 2**32 - 1
_LIMITS: Final = (
    Column("month_bytes", Form.COUNT, "most bytes a month, up plus down"),
    Column("day_bytes", Form.COUNT, "most bytes a day, up plus down"),
    Column("max_peers", Form.COUNT, "most different peers a day", most=_U32),
    Column("max_cells", Form.COUNT, "most different cells a day, for cards of a fixed place", most=_U32),
    Column("max_imeis", Form.COUNT, "most different terminals a day", most=_U32),
)
_CADENCE: Final = Column(
    "cadence",
    Form.CHOICE,
    "how soon records are judged; of a card and its terminal the faster one holds",
    choices=tuple(Cadence),
    empty="what is known already; for a new one, `live`",
)
_MODES: Final = tuple(mode.name.lower() for mode in FunctionMode)


def _titled(subject: str) -> tuple[Column, ...]:
    return (
        Column("code", Form.CODE, f"code of the {subject}; the key", required=True),
        Column("title_en", Form.TEXT, "its name in English", required=True, longest=200),
        Column("title_zh", Form.TEXT, "its name in Chinese", required=True, longest=200),
    )


def _limits(empty: str) -> tuple[Column, ...]:
    return tuple(Column(c.name, c.form, c.meaning, empty=empty, most=c.most) for c in _LIMITS)


def _function(service: str) -> tuple[Column, Column]:
    return (
        Column(
            service,
            Form.CHOICE,
            f"what the card may do with {service}: nothing, reach the peers of a list, or anything",
            required=True,
            choices=_MODES,
        ),
        Column(
            f"{service}_list",
            Form.CODE,
            f"code of the group list, exactly when `{service}` is directed: a list of the holder, else of the operator",
            empty="no list",
        ),
    )


COLUMNS: Final[dict[Kind, tuple[Column, ...]]] = {
    Kind.ENTERPRISES: (
        Column("code", Form.CODE, "code of the enterprise; the key", required=True),
        Column("name", Form.TEXT, "its name", required=True, longest=200),
        Column(
            "kind",
            Form.CHOICE,
            "what it is in the chain of cards and terminals",
            required=True,
            choices=tuple(EnterpriseKind),
        ),
        Column(
            "area",
            Form.CODE,
            "code of the area where it is at home: cards of its own on the card ledger that are used far away are told",
            empty="none: they may be used anywhere",
        ),
    ),
    Kind.CLASSES: (*_titled("card class"), *_limits("the rule's own limit")),
    Kind.AREAS: (
        *_titled("area"),
        Column("fraud_prone", Form.FLAG, "fraud is known to work from here", empty="no"),
        Column(
            "plmns",
            Form.PLMNS,
            "networks that place a record here when it names no known cell: MCC and MNC digits, separated by blanks",
            empty="none",
        ),
    ),
    Kind.CELLS: (
        Column("cgi", Form.CGI, "mcc-mnc-lac-ci in decimal, such as 460-00-4096-1000017; the key", required=True),
        Column("area", Form.CODE, "code of its area", required=True),
        Column("latitude", Form.LATITUDE, "degrees north, WGS 84", required=True),
        Column("longitude", Form.LONGITUDE, "degrees east, WGS 84", required=True),
    ),
    Kind.GROUP_LISTS: (
        Column("enterprise", Form.CODE, "code of the enterprise whose list it is", required=True),
        Column("code", Form.CODE, "code of the list", required=True),
        Column("kind", Form.CHOICE, "what the entry names", required=True, choices=tuple(PeerKind)),
        Column(
            "entry",
            Form.PEER,
            "one peer: an IPv4 address or prefix, an IPv6 address, a number (digits with country code, or a short"
            " code), an APN",
            required=True,
            longest=100,
        ),
    ),
    Kind.TERMINALS: (
        Column("serial", Form.CODE, "serial number; the key", required=True),
        Column("enterprise", Form.CODE, "code of the enterprise that owns it", required=True),
        Column("usage", Form.CHOICE, "class of the terminal", required=True, choices=tuple(Usage)),
        Column("access", Form.CHOICE, "how it reaches the network", required=True, choices=tuple(Access)),
        Column("vendor", Form.TEXT, "who made it", longest=100, empty="not known"),
        Column("model", Form.TEXT, "its model", longest=100, empty="not known"),
        Column("firmware", Form.TEXT, "version of its firmware", longest=100, empty="not known"),
        Column("imei", Form.IMEI, "15 digits with check digit", empty="it has none"),
        Column("fixed", Form.FLAG, "it stays in one place", empty="no"),
        Column("latitude", Form.LATITUDE, "of its home place, degrees north, WGS 84", empty="not known"),
        Column("longitude", Form.LONGITUDE, "of its home place, degrees east, WGS 84", empty="not known"),
        Column("gateway", Form.CODE, "serial of the gateway it stands behind", empty="none"),
        _CADENCE,
    ),
    Kind.CARDS: (
        Column("iccid", Form.ICCID, "19 or 20 characters with check digit; the key", required=True),
        Column("imsi", Form.IMSI, "6 to 15 digits", required=True),
        Column("msisdn", Form.MSISDN, "number with country code, 7 to 15 digits", empty="it has none"),
        Column("operator", Form.CODE, "code of the operator that issued it", required=True),
        Column("enterprise", Form.CODE, "code of the enterprise that holds it now", required=True),
        Column("card_class", Form.CODE, "code of its class", required=True),
        *_function("voice"),
        *_function("sms"),
        *_function("data"),
        Column("roaming", Form.FLAG, "it may be used outside its home area's network", empty="no"),
        Column("fixed", Form.FLAG, "it is meant to stay in one place", empty="no"),
        Column("home_area", Form.CODE, "code of the area where it is at home", empty="not known"),
        Column("home_cell", Form.CGI, "cgi of the cell where it is at home", empty="not known"),
        Column(
            "real_name",
            Form.CHOICE,
            "state of the real-name registration of its user",
            choices=tuple(RealName),
            empty="none",
        ),
        Column(
            "joined",
            Form.MOMENT,
            "when it joined the network (入网)",
            empty="what is known already; for a new card, the time of the import, kept as an assumption",
        ),
        *_limits("its class's limit"),
        _CADENCE,
    ),
    Kind.BINDINGS: (
        Column("iccid", Form.ICCID, "the card; with `since` the key", required=True),
        Column("serial", Form.CODE, "serial of the terminal it rides in", required=True),
        Column("since", Form.MOMENT, "when it was put in, such as 2026-11-23T08:00:00+08:00", required=True),
        Column(
            "until",
            Form.MOMENT,
            "when it was taken out",
            empty="it is still there, or until the card's next binding",
        ),
        Column("reason", Form.TEXT, "why", longest=200, empty="no reason given"),
    ),
}

KEYS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.ENTERPRISES: ("code",),
    Kind.CLASSES: ("code",),
    Kind.AREAS: ("code",),
    Kind.CELLS: ("cgi",),
    Kind.GROUP_LISTS: ("enterprise", "code", "kind", "entry"),
    Kind.TERMINALS: ("serial",),
    Kind.CARDS: ("iccid",),
    Kind.BINDINGS: ("iccid", "since"),
}
"""What makes a row the row it is: a file may hold each key once."""

IMPORT_ORDER: Final = tuple(Kind)
"""References point backwards only: import the kinds in this order."""
