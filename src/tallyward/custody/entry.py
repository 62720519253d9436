"""How a transaction lies in the log: a body, and the signatures over its bytes. Pure.

A body is the CBOR array [kind, ledger id, field, ...], an entry [body, [[key id, signature], ...]]; a signature is
Ed25519 over `DOMAIN` and the body's bytes as they came.
"""

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final, cast

from tallyward.custody.codec import Item, MalformedError, decode, encode
from tallyward.custody.fields import data, listed, row_of, rows, whole
from tallyward.custody.forms import FORMS
from tallyward.custody.transactions import Transaction

DOMAIN: Final = b"tallyward custody v1\0"
"""Stands before each body that is signed: a signature made for anything else is none here."""
_SIGNATURE: Final = 76
"""Bytes of the CBOR of [key id, signature]."""
_HEADS: Final = (b"\x82", b"\x82\x48", b"\x58\x40")
"""Of two items; of two items, the first of 8 bytes; of 64 bytes (RFC 8949, 3.1)."""
LEDGER_ID: Final = 16
"""Bytes of a ledger's id: the first ones of the hash of its first body."""


@dataclass(frozen=True, slots=True)
class Signature:
    """By the key whose public half hashes to this id (`key_id`)."""

    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction as it lies in the log."""

    ledger: bytes
    transaction: Transaction
    body: bytes
    signatures: tuple[Signature, ...]

    @property
    def hash(self) -> bytes:
        """By which later transactions name it."""
        return sha256(self.body).digest()


def key_id(public: bytes) -> bytes:
    """The first eight bytes of a public key's hash."""
    return sha256(public).digest()[:8]


def body_of(ledger: bytes, transaction: Transaction) -> bytes:
    """The bytes to sign, behind `DOMAIN`."""
    values = (getattr(transaction, one.name) for one in fields(transaction))
    return encode([int(transaction.kind), ledger, *(cast("Item", _plain(value)) for value in values)])


def entry_of(body: bytes, signatures: tuple[Signature, ...]) -> bytes:
    """The bytes of an entry."""
    return encode([body, [[one.key, one.value] for one in signatures]])


def parse_entry(entry: bytes) -> Entry:
    """Read an entry; refuses anything but its one form with `codec.MalformedError`. Signatures are not checked yet."""
    body, signatures = opened(entry)
    row = listed(decode(body))
    if len(row) < 3:  # noqa: PLR2004 - kind, ledger, and who speaks
        raise MalformedError("the body is too short")
    form = FORMS.get(whole(row[0]))
    if form is None:
        raise MalformedError("this kind of transaction is not known")
    ledger, values = data(row[1]), row[2:]
    if len(values) != len(form.readers) or len(ledger) not in (0, LEDGER_ID):
        raise MalformedError("it has other fields than its kind")
    read = [reader(value) for reader, value in zip(form.readers, values, strict=True)]
    return Entry(ledger, form(*read), body, signatures)


def opened(entry: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Body and signatures of an entry, the body not read yet; refuses with `codec.MalformedError`."""
    return _framed(entry) or _decoded(entry)


def _decoded(entry: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    row = row_of(decode(entry), 2)
    return data(row[0]), tuple(Signature(data(key), data(value)) for key, value in rows(row[1], 2))


def _framed(entry: bytes) -> tuple[bytes, tuple[Signature, ...]] | None:
    """The same of an entry with few signatures, as nearly all are: told by its frame, without decoding twice."""
    long = entry[1:2] == b"\x59"
    start = 4 if long else 3
    size = int.from_bytes(entry[2:start])
    end = start + size
    count, rest = divmod(len(entry) - end - 1, _SIGNATURE)
    if (
        rest
        or not 0 < count < 24  # noqa: PLR2004 - heads of arrays and byte strings
        or not (size >= 256 if long else size >= 24 and entry[1:2] == b"\x58")  # noqa: PLR2004
        or (entry[:1], entry[end]) != (_HEADS[0], 0x80 | count)
    ):
        return None
    found = []
    for at in range(end + 1, len(entry), _SIGNATURE):
        if (entry[at : at + 2], entry[at + 10 : at + 12]) != _HEADS[1:]:
            return None
        found.append(Signature(entry[at + 2 : at + 10], entry[at + 12 : at + _SIGNATURE]))
    return entry[start:end], tuple(found)


def _plain(value: object) -> object:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
