"""Who may say what: kinds of organisations, purposes of keys, and who signs which transaction. Pure data.

White paper 4(1): only the operator registers; a seller must hold what it sells; activation needs the operator's
approval and signature. The rest is the custody note's table of transactions.
"""

from enum import IntFlag
from typing import Final

from tallyward.custody.transactions import Kind

MEMBER_KINDS: Final = ("operator", "reseller", "retail", "unit", "maker", "regulator", "monitor")
"""电信企业, 中间流转企业, 销售点, 行业用户, 设备厂商, 监管机构, 监测方."""


class Purpose(IntFlag):
    """What a key may sign. `HOSTED`: the platform keeps it for its owner, which receipts say.

    `VALIDATE`: no transaction, but votes on blocks where several organisations agree (CometBFT).
    """

    TRADE = 1
    REAL_NAME = 2
    GOVERN = 4
    MONITOR = 8
    HOSTED = 16
    VALIDATE = 32


KINDS_OF_SPEAKER: Final = {
    Kind.REGISTER_LOT: ("operator",),
    Kind.RN_APPROVE: ("operator",),
    Kind.RN_REJECT: ("operator",),
    Kind.ACTIVATE: ("operator",),
    Kind.SUSPEND: ("operator",),
    Kind.RESUME: ("operator",),
    Kind.CANCEL: ("operator",),
    Kind.QUARANTINE: ("operator",),
    Kind.RECYCLE: ("operator",),
    Kind.BIND_DEVICE: ("operator", "unit", "maker"),
    Kind.ORDER_SUSPEND: ("regulator",),
    Kind.STOCK_REPORT: ("reseller", "retail", "unit", "maker"),
}
"""Of what kind the speaker must be; any kind may where nothing stands."""

PURPOSE_OF: Final = {
    Kind.RN_APPROVE: Purpose.REAL_NAME,
    Kind.RN_REJECT: Purpose.REAL_NAME,
    Kind.ACTIVATE: Purpose.REAL_NAME,
    Kind.ORDER_SUSPEND: Purpose.GOVERN | Purpose.TRADE,
    Kind.INCIDENT: Purpose.MONITOR,
    Kind.CREDIT_SET: Purpose.MONITOR | Purpose.GOVERN,
    Kind.KEY_DESTROYED: Purpose.TRADE | Purpose.REAL_NAME | Purpose.GOVERN | Purpose.MONITOR,
}
"""What the speaker's key must be for, one of these; trade where nothing stands."""

SIGNS_TOO: Final = {Kind.SALE: "buyer"}
"""The field that names who must sign beside the speaker; nobody where nothing stands."""

BY_GOVERNORS: Final = frozenset({Kind.MEMBER_ADD, Kind.MEMBER_REMOVE, Kind.KEY_ADD, Kind.KEY_REVOKE, Kind.RULES_SET})
"""Signed by more than two thirds of the governors."""


def enough(signed: int, governors: int) -> bool:
    """Whether so many of the governors are more than two thirds."""
    return signed * 3 > governors * 2
