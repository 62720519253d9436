"""A small writer of charging records: elements as nested calls, so a test can also write what must not be.

`leaf(number, value)` is a primitive context element, `node(number, ...)` a constructed one; `gateway`, `call` and the
like put whole records together, `with_headers` puts records into a file of TS 32.297.
"""

from collections.abc import Sequence

from tallyward.records.decode.cdr_kinds import KINDS, Kind

KIND = {kind.name: kind for kind in KINDS}
TYPE = 0


def tag_octets(number: int, *, constructed: bool) -> bytes:
    first = 0x80 | (0x20 if constructed else 0)
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


def leaf(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        value = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    content = value.encode() if isinstance(value, str) else value
    return tag_octets(number, constructed=False) + length_octets(len(content)) + content


def node(number: int, *inside: bytes, indefinite: bool = False) -> bytes:
    content = b"".join(inside)
    head = tag_octets(number, constructed=True)
    return head + (b"\x80" + content + b"\0\0" if indefinite else length_octets(len(content)) + content)


def sequence(*inside: bytes) -> bytes:
    content = b"".join(inside)
    return b"\x30" + length_octets(len(content)) + content


def tbcd(digits: str) -> bytes:
    return bytes.fromhex("".join(b + a for a, b in zip(*[iter(digits + "f" * (len(digits) % 2))] * 2, strict=True)))


def number(digits: str, kind: int = 0x91) -> bytes:
    return bytes([kind]) + tbcd(digits)


def sms_number(digits: str) -> bytes:
    return bytes([len(digits)]) + number(digits)


def stamp(local: str = "260301080000", offset: str = "+0800") -> bytes:
    return bytes.fromhex(local) + offset[:1].encode() + bytes.fromhex(offset[1:])


def network(mcc: str = "460", mnc: str = "00") -> bytes:
    return tbcd(mcc + (mnc[2] if len(mnc) == 3 else "f"))[:2] + tbcd(mnc[:2])


def e_utran(tac: int = 10, cell: int = 20, serving: bytes | None = None) -> bytes:
    serving = network() if serving is None else serving
    return b"\x18" + serving + tac.to_bytes(2, "big") + serving + cell.to_bytes(4, "big")


def traffic(*volumes: tuple[int, int]) -> list[bytes]:
    """Containers of a list of traffic volumes."""
    return [sequence(leaf(3, up), leaf(4, down), leaf(5, 2), leaf(6, stamp())) for up, down in volumes]


def services(*volumes: tuple[int, int]) -> list[bytes]:
    """Containers of a list of service data."""
    return [
        sequence(leaf(1, 7), leaf(8, b"\0\1"), leaf(12, up), leaf(13, down), leaf(14, stamp())) for up, down in volumes
    ]


def record(kind: Kind, *fields: bytes, record_type: int | None = None, indefinite: bool = False) -> bytes:
    said = kind.record_type if record_type is None else record_type
    return node(kind.choice, leaf(TYPE, said), *fields, indefinite=indefinite)


def gateway_fields(
    *,
    imsi: str | None = "460001234567890",
    msisdn: str | None = "8614412345678",
    imei: str | None = "8601234567890120",
    apn: str | None = "iot.apn",
    opened: bytes | None = None,
    duration: int = 60,
    serving: bytes | None = None,
    rat: int = 6,
    place: bytes | None = None,
    volumes: Sequence[tuple[int, int]] = ((100, 200),),
    by_service: Sequence[tuple[int, int]] = (),
    more: Sequence[bytes] = (),
) -> list[bytes]:
    """What a gateway writes, in the order of tags."""
    return [
        *([leaf(3, tbcd(imsi))] if imsi else []),
        node(4, leaf(0, b"\x0a\0\0\1")),
        leaf(5, 123_456),
        node(6, leaf(0, b"\x0a\0\0\2")),
        *([leaf(7, apn)] if apn is not None else []),
        leaf(8, b"\xf1\x21"),
        node(9, node(0, leaf(0, b"\x0a\1\2\3"))),
        leaf(11, b"\xff"),
        *([node(12, *traffic(*volumes))] if volumes else []),
        leaf(13, stamp() if opened is None else opened),
        leaf(14, duration),
        leaf(15, 0),
        leaf(17, 1),
        leaf(18, "pgw-1"),
        leaf(20, 98_765),
        *([leaf(22, number(msisdn))] if msisdn else []),
        leaf(23, b"\x08\0"),
        leaf(24, 0),
        leaf(27, network() if serving is None else serving),
        *([leaf(29, tbcd(imei))] if imei else []),
        leaf(30, rat),
        leaf(31, b"\x23\0"),
        leaf(32, e_utran() if place is None else place),
        *([node(34, *services(*by_service))] if by_service else []),
        node(35, b"\x0a\1\5"),
        *more,
    ]


def pgw(**changed: object) -> bytes:
    return record(KIND["PGWRecord"], *gateway_fields(**changed))  # type: ignore[arg-type]


def sgw(**changed: object) -> bytes:
    return record(KIND["SGWRecord"], *gateway_fields(**changed))  # type: ignore[arg-type]


def with_headers(
    records: Sequence[bytes],
    *,
    release: int = 5,
    count: int | None = None,
    length: int | None = None,
    record_format: int = 1,
    record_lengths: Sequence[int] | None = None,
    routeing_filter: bytes = b"",
    private: bytes = b"",
) -> bytes:
    """A file of TS 32.297; `release` 7 or more needs the extensions."""
    extension = bytes([release - 7]) if release >= 7 else b""
    named = min(release, 7) << 5
    sizes = [len(one) for one in records] if record_lengths is None else record_lengths
    head = bytes([named, record_format << 5 | 7]) + extension
    body = b"".join(size.to_bytes(2, "big") + head + one for size, one in zip(sizes, records, strict=True))
    tail = (
        bytes([named, named])
        + bytes(8)
        + (len(records) if count is None else count).to_bytes(4, "big")
        + bytes(4 + 1 + 20 + 1)
        + len(routeing_filter).to_bytes(2, "big")
        + routeing_filter
        + len(private).to_bytes(2, "big")
        + private
        + extension * 2
    )
    total = 8 + len(tail) + len(body) if length is None else length
    return total.to_bytes(4, "big") + (8 + len(tail)).to_bytes(4, "big") + tail + body
