"""A carton's paper: the receipt of its handover and the offer that it answers, as text and as one QR code's content.

    tallyward-carton v1
    <body of the offer, base64; empty for a sale in one entry>
    <the receipt of its acceptance or of the sale, see `receipt`>

An acceptance names its offer by hash, and the ledger took it only because that offer was open; so both together show
which cards went to whom. A sale that both signed says so itself. In a QR code the same text is deflated and written in
the alphabet of RFC 9285 (Base45), as health certificates are: `TW1:` and at most 4,296 characters.
"""

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tallyward.custody import receipt
from tallyward.custody.codec import MalformedError
from tallyward.custody.entry import parse_entry
from tallyward.custody.receipt import Receipt
from tallyward.custody.transactions import Accept, Sale
from tallyward.kernel.errors import TooLargeError

HEADER: Final = "tallyward-carton v1"
QR: Final = "TW1:"
MOST_CHARACTERS: Final = 4_296
"""Of a QR code, version 40-L, alphanumeric (ISO/IEC 18004, table 7)."""
_MOST_TEXT: Final = 64_000
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@dataclass(frozen=True, slots=True)
class Carton:
    """A handover: the offer's body, and the receipt of its acceptance; or no offer, and the receipt of a sale."""

    offer: bytes
    receipt: Receipt

    @property
    def holds(self) -> bool:
        """Whether the receipt holds, and is that of a sale or of an acceptance of this very offer."""
        one = parse_entry(self.receipt.entry).transaction
        if isinstance(one, Sale):
            return self.receipt.holds and not self.offer
        return self.receipt.holds and isinstance(one, Accept) and one.offer == sha256(self.offer).digest()

    def text(self) -> str:
        """As a file."""
        return f"{HEADER}\n{b64encode(self.offer).decode()}\n{self.receipt.text()}"


def parse(text: str) -> Carton:
    """Read a carton's paper; refuses what is none with `codec.MalformedError`."""
    parts = text.split("\n", 2)
    if len(parts) < 3 or parts[0] != HEADER:  # noqa: PLR2004 - header, offer, receipt
        raise MalformedError("it is no carton's paper")
    try:
        offer = b64decode(parts[1], validate=True)
    except ValueError as error:
        raise MalformedError("the offer is no base64") from error
    return Carton(offer, receipt.parse(parts[2]))


def to_qr(text: str) -> str:
    """The content of one QR code; refuses a text that does not fit with `custody.qr_too_large`."""
    packed = zlib.compress(text.encode(), 9)
    found = [QR]
    for at in range(0, len(packed), 2):
        pair = packed[at : at + 2]
        number = int.from_bytes(pair)
        for _ in range(3 if len(pair) > 1 else 2):
            number, digit = divmod(number, 45)
            found.append(_ALPHABET[digit])
    content = "".join(found)
    if len(content) > MOST_CHARACTERS:
        raise TooLargeError("custody.qr_too_large", size=len(content), most=MOST_CHARACTERS)
    return content


def from_qr(content: str) -> str:
    """The text behind a QR code's content; refuses what is none with `codec.MalformedError`."""
    if not content.startswith(QR) or len(content) > MOST_CHARACTERS:
        raise MalformedError("it is no receipt's QR code")
    octets = bytearray()
    digits = [_ALPHABET.find(one) for one in content[len(QR) :]]
    for at in range(0, len(digits), 3):
        group = digits[at : at + 3]
        number = sum(digit * 45**power for power, digit in enumerate(group))
        size = len(group) - 1
        if min(group) < 0 or size < 1 or number >= 256**size:
            raise MalformedError("it is not written in Base45")
        octets += number.to_bytes(size)
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(bytes(octets), _MOST_TEXT)
        if not unpack.eof or unpack.unused_data:
            raise MalformedError("it is cut off, or too long")
        return plain.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise MalformedError("it is damaged") from error
