"""A small writer of Diameter accounting: AVPs, groups, and whole Accounting-Requests."""

from tallyward.records.decode import diameter_acr as acr
from tallyward.records.decode.diameter_acr import Code
from tests.records.making import DAY_TS

NTP_EPOCH = 2_208_988_800


def avp(code: Code, *content: bytes | str | int) -> bytes:
    """One AVP; whole numbers take four octets (eight where they need them), several contents make a group."""
    number, vendor = code if isinstance(code, tuple) else (code, 0)
    body = b""
    for one in content:
        if isinstance(one, int):
            body += one.to_bytes(4 if one < 1 << 32 else 8, "big")
        else:
            body += one.encode() if isinstance(one, str) else one
    head = number.to_bytes(4, "big") + bytes([0xC0 if vendor else 0x40])
    size = (12 if vendor else 8) + len(body)
    return head + size.to_bytes(3, "big") + (vendor.to_bytes(4, "big") if vendor else b"") + body + bytes(-size % 4)


def message(*avps: bytes, command: int = 271, flags: int = 0xC0) -> bytes:
    body = b"".join(avps)
    return (
        bytes([1])
        + (20 + len(body)).to_bytes(3, "big")
        + bytes([flags])
        + command.to_bytes(3, "big")
        + bytes(12)
        + body
    )


def subscriber(imsi: str = "460001234567890", msisdn: str = "8614412345678") -> bytes:
    return b"".join(
        avp(acr.SUBSCRIPTION, avp(acr.SUBSCRIPTION_TYPE, kind), avp(acr.SUBSCRIPTION_DATA, value))
        for kind, value in ((1, imsi), (0, msisdn))
        if value
    )


def time(seconds: int = DAY_TS) -> bytes:
    return ((seconds + NTP_EPOCH) & 0xFFFFFFFF).to_bytes(4, "big")


PACKET = (
    avp(acr.APN, "iot.apn"),
    avp(acr.NETWORK, "46000"),
    avp(acr.RAT, b"\x06"),
    avp(acr.PLACE, bytes.fromhex("8264f000000a64f00000000014")),
    avp(acr.EQUIPMENT, avp(459, 0), avp(acr.EQUIPMENT_VALUE, "8601234567890120")),
)


def base(kind: int, number: int = 0, session: str = "gw;1;2", at: int = DAY_TS) -> list[bytes]:
    return [
        avp(acr.SESSION_ID, session),
        avp(acr.RECORD_TYPE, kind),
        avp(acr.RECORD_NUMBER, number),
        avp(acr.EVENT_TIME, time(at)),
    ]


def traffic(up: int, down: int, *more: bytes) -> bytes:
    return avp(acr.TRAFFIC, avp(acr.INPUT, up), avp(acr.OUTPUT, down), *more)


def packet_request(kind: int, number: int, *containers: bytes, who: bytes | None = None, at: int = DAY_TS) -> bytes:
    """A request of Rf with containers of traffic."""
    inside = avp(acr.PACKET, *PACKET, *containers)
    return message(*base(kind, number, at=at), avp(acr.SERVICE, subscriber() if who is None else who, inside))


def totals_request(kind: int, number: int, length: int, up: int, down: int, session: str = "gw;1;2") -> bytes:
    """A request with the totals of its session."""
    amounts = (avp(acr.INPUT, up), avp(acr.OUTPUT, down), avp(acr.SESSION_TIME, length))
    return message(*base(kind, number, session, DAY_TS + length), *amounts, subscriber(), avp(acr.APN, "iot.apn"))


def sms_request(message_type: int, *, recipient: str = "10086", number: int = 0) -> bytes:
    sms = avp(
        acr.SMS,
        avp(acr.MESSAGE_TYPE, message_type),
        avp(acr.ORIGINATOR, avp(acr.ADDRESS, "8613800000001")),
        avp(acr.RECIPIENT, avp(acr.RECIPIENT_ADDRESS, avp(acr.ADDRESS, recipient))),
    )
    return message(*base(1, number), subscriber(), avp(acr.SERVICE, sms))
