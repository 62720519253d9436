"""A small writer of TAP files: elements as nested lists, so a test can also write what must not be.

`call(tag, ...)` makes a constructed element, `leaf(tag, value)` a primitive one; `batch` puts a transfer batch together.
"""

from collections.abc import Sequence

from tallyward.records.decode.tap3_tags import Tag


def tag_octets(number: int, *, constructed: bool) -> bytes:
    first = 0x40 | (0x20 if constructed else 0)
    if number < 31:
        return bytes([first | number])
    septets = [number & 0x7F]
    while number := number >> 7:
        septets.insert(0, (number & 0x7F) | 0x80)
    return bytes([first | 0x1F, *septets])


def length_octets(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    body = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def leaf(tag: Tag, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        value = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    content = value.encode() if isinstance(value, str) else value
    return tag_octets(tag & 0xFFFFFF, constructed=False) + length_octets(len(content)) + content


def node(tag: Tag, *inside: bytes, indefinite: bool = False) -> bytes:
    content = b"".join(inside)
    head = tag_octets(tag & 0xFFFFFF, constructed=True)
    if indefinite:
        return head + b"\x80" + content + b"\0\0"
    return head + length_octets(len(content)) + content


def bcd(digits: str) -> bytes:
    return bytes.fromhex(digits + "f" * (len(digits) % 2))


def stamp(tag: Tag, local: str = "20260301080000", code: int = 1) -> bytes:
    return node(tag, leaf(Tag.LocalTimeStamp, local), leaf(Tag.UtcTimeOffsetCode, code))


def location(area: int = 10, cell: int = 20) -> bytes:
    return leaf(Tag.LocationArea, area) + leaf(Tag.CellId, cell)


def gprs(
    *, imsi: str = "460001234567890", apn: str = "iot.apn", start: bytes | None = None, more: Sequence[bytes] = ()
) -> bytes:
    return node(
        Tag.GprsCall,
        leaf(Tag.Imsi, bcd(imsi)),
        leaf(Tag.AccessPointNameNI, apn),
        start if start is not None else stamp(Tag.CallEventStartTimeStamp),
        leaf(Tag.TotalCallEventDuration, 60),
        location(),
        leaf(Tag.Imei, bcd("8601234567890120")),
        leaf(Tag.DataVolumeIncoming, 200),
        leaf(Tag.DataVolumeOutgoing, 100),
        *more,
    )


def voice(tag: Tag, number: Tag, called: bytes | str, *, tele: str = "11") -> bytes:
    return node(
        tag,
        leaf(Tag.Imsi, bcd("460001234567890")),
        leaf(number, called),
        stamp(Tag.CallEventStartTimeStamp),
        leaf(Tag.TotalCallEventDuration, 9),
        leaf(Tag.TeleServiceCode, tele),
    )


def batch(
    *events: bytes,
    count: int | None = None,
    offsets: Sequence[tuple[int, str]] = ((1, "+0800"), (2, "-0330")),
    release: int = 12,
    control: Sequence[bytes] = (),
    indefinite: bool = False,
) -> bytes:
    table = [
        node(Tag.UtcTimeOffsetInfo, leaf(Tag.UtcTimeOffsetCode, code), leaf(Tag.UtcTimeOffset, text))
        for code, text in offsets
    ]
    head = (leaf(Tag.Sender, "CHNCM"), leaf(Tag.SpecificationVersionNumber, 3), leaf(Tag.ReleaseVersionNumber, release))
    return node(
        Tag.TransferBatch,
        node(Tag.BatchControlInfo, *head, *control),
        node(Tag.NetworkInfo, node(Tag.UtcTimeOffsetInfoList, *table)),
        node(Tag.CallEventDetailList, *events, indefinite=indefinite),
        node(Tag.AuditControlInfo, leaf(Tag.CallEventDetailsCount, len(events) if count is None else count)),
        indefinite=indefinite,
    )
