"""Bytes sealed for keys of some members, off the ledger and tied to one of its transactions. Pure.

A body under a data key of its own (XChaCha20-Poly1305), and that key locked for each reader (HPKE, see `hpke`) to the
Ed25519 key that the ledger knows it by; one key for signing and X25519 is safe (E. Thormarker, "On using the same key
pair for Ed25519 and an X25519 based KEM", 2021). Three properties that plain sealed boxes lack:

- Nothing opens under another ledger, transaction or use: they are bound to body and locks.
- All readers read the same: the envelope's id commits to the data key (else one ciphertext could open in two ways).
- Whoever opens it can check that every other reader can: a lock follows from data key and reader (`locks_hold`).

Destroying an envelope's data key is told on the ledger by that id (KEY_DESTROYED), which says nothing of the key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_sign_ed25519_pk_to_curve25519,
)
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey

from tallyward.custody import hpke
from tallyward.custody.codec import Item, MalformedError, decode, encode
from tallyward.custody.entry import key_id
from tallyward.custody.fields import data, digest, row_of, rows
from tallyward.kernel.errors import ForbiddenError, InvalidError, TooLargeError
from tallyward.kernel.secret import Secret

KEY: Final = 32
"""Bytes of a data key: random, and never used for a second envelope."""
MOST_BYTES: Final = 64_000_000
"""The largest envelope: the numbers of two million cards and their seeds."""
MOST_READERS: Final = 64
_DOMAIN: Final = b"tallyward custody envelope v1\0"
_READER, _LOCK = 8, 48


class Use(IntEnum):
    """What is in it. The numbers are in sealed data: never reused."""

    TRANSFER = 1
    REAL_NAME = 2
    STOCK = 3


class Context(NamedTuple):
    """What an envelope belongs to: a ledger's id, the hash of a transaction's body, a use."""

    ledger: bytes
    transaction: bytes
    use: Use

    def bytes(self) -> bytes:
        """In their one form."""
        return _DOMAIN + encode([self.ledger, self.transaction, int(self.use)])


class Lock(NamedTuple):
    """The data key for one reader. `reader`: the key's id as on the ledger; `sender`: a public key made for this."""

    reader: bytes
    sender: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sealed bytes. `id`: commits to the data key; 32 bytes."""

    id: bytes
    body: bytes
    locks: tuple[Lock, ...]

    def bytes(self) -> bytes:
        """As it is sent and kept."""
        return encode([self.id, self.body, [list(one) for one in self.locks]])


def sealed(plain: bytes, context: Context, readers: Iterable[bytes], key: Secret[bytes]) -> Envelope:
    """Bytes for readers, by their public Ed25519 keys. `key`: 32 fresh random bytes.

    Refuses with `custody.envelope_too_large` and, for no reader, too many or a weak key, `custody.envelope_readers`.
    """
    if len(key.reveal()) != KEY:
        raise ValueError("a data key has 32 bytes")
    if len(plain) > MOST_BYTES:
        raise TooLargeError("custody.envelope_too_large", size=len(plain), most=MOST_BYTES)
    commitment = id_of(key)
    secret, nonce = _body_key(key)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(plain, context.bytes() + commitment, nonce, secret)
    return Envelope(commitment, body, _locks(context, key, readers))


def parse(envelope: bytes) -> Envelope:
    """Read an envelope; refuses with `custody.envelope_too_large` or `custody.envelope_malformed`."""
    if len(envelope) > MOST_BYTES + 64 * 1024:
        raise TooLargeError("custody.envelope_too_large", size=len(envelope), most=MOST_BYTES)
    try:
        return _read(decode(envelope, MOST_BYTES + 64 * 1024))
    except MalformedError as error:
        raise InvalidError("custody.envelope_malformed", problem=str(error)) from error


def key_of(envelope: Envelope, context: Context, secret: SigningKey) -> Secret[bytes]:
    """The data key, by one of the readers.

    Refuses with `custody.envelope_not_yours` and, where ledger, transaction, use or a byte differ,
    `custody.envelope_damaged`.
    """
    mine = key_id(bytes(secret.verify_key))
    lock = next((one for one in envelope.locks if one.reader == mine), None)
    if lock is None:
        raise ForbiddenError("custody.envelope_not_yours")
    own = bytes(secret.to_curve25519_private_key())
    try:
        key = Secret(hpke.unseal(own, lock.sender, context.bytes(), envelope.id, lock.key))
    except hpke.OpeningError as error:
        raise InvalidError("custody.envelope_damaged") from error
    if id_of(key) != envelope.id:
        raise InvalidError("custody.envelope_damaged")
    return key


def opened(envelope: Envelope, context: Context, key: Secret[bytes]) -> bytes:
    """What was sealed, by whoever has the data key; refuses with `custody.envelope_damaged`."""
    secret, nonce = _body_key(key)
    try:
        bound = context.bytes() + id_of(key)
        return crypto_aead_xchacha20poly1305_ietf_decrypt(envelope.body, bound, nonce, secret)
    except (CryptoError, ValueError) as error:
        raise InvalidError("custody.envelope_damaged") from error


def locks_hold(envelope: Envelope, context: Context, key: Secret[bytes], readers: Iterable[bytes]) -> bool:
    """Whether exactly these readers can open it: a promise to them that the seller could break otherwise."""
    return envelope.locks == _locks(context, key, readers)


def id_of(key: Secret[bytes]) -> bytes:
    """The id of a data key, by which KEY_DESTROYED names it."""
    return hpke.expand(key.reveal(), _DOMAIN + b"id", 32)


def _body_key(key: Secret[bytes]) -> tuple[bytes, bytes]:
    """(key, nonce): a data key seals one body."""
    made = hpke.expand(key.reveal(), _DOMAIN + b"body", 56)
    return made[:32], made[32:]


def _locks(context: Context, key: Secret[bytes], readers: Iterable[bytes]) -> tuple[Lock, ...]:
    publics = sorted({(key_id(one), one) for one in readers})
    if not 0 < len(publics) <= MOST_READERS:
        raise InvalidError("custody.envelope_readers", count=len(publics), most=MOST_READERS)
    return tuple(_lock(context, key, reader, public) for reader, public in publics)


def _lock(context: Context, key: Secret[bytes], reader: bytes, public: bytes) -> Lock:
    """Its randomness follows from what it locks, which nobody else can guess (Bellare, Boldyreva, O'Neill 2007)."""
    seed = hpke.expand(key.reveal(), _DOMAIN + b"lock" + context.bytes() + public, 32)
    try:
        own = crypto_sign_ed25519_pk_to_curve25519(public)
        sender, locked = hpke.seal(own, context.bytes(), id_of(key), key.reveal(), seed)
    except (CryptoError, ValueError) as error:
        raise InvalidError("custody.envelope_readers", count=1, most=MOST_READERS) from error
    return Lock(reader, sender, locked)


def _read(item: Item) -> Envelope:
    row = row_of(item, 3)
    locks = tuple(Lock(data(reader), digest(sender), data(key)) for reader, sender, key in rows(row[2], 3))
    if not 0 < len(locks) <= MOST_READERS or len({one.reader for one in locks}) < len(locks):
        raise MalformedError("it has no readers, too many, or one twice")
    if any(len(one.reader) != _READER or len(one.key) != _LOCK for one in locks):
        raise MalformedError("a lock has another length")
    return Envelope(digest(row[0]), data(row[1]), locks)
