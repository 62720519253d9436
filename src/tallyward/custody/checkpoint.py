"""Signed heads of a log: C2SP signed notes, checkpoints (tlog-checkpoint), witnesses' cosignatures (tlog-cosignature).

example.org/ledger          origin
20852163                    size
CsUYapGGPo4dkMgIAUqom/...   root
                            (empty)
— example.org/ledger Az3grl...   signatures: key name, then base64(4 bytes of key id, signature)
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tallyward.custody.codec import MalformedError

LOG: Final = 0x01
"""Ed25519 over the note's text."""
WITNESS: Final = 0x04
"""cosignature/v1: Ed25519 over a time and the note's text."""

_MOST_BYTES: Final = 64_000
_MOST_SIGNATURES: Final = 100


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head: `size` entries of the log called `origin` have this `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key as notes name it: `kind` is LOG or WITNESS."""

    name: str
    public: bytes
    kind: int = LOG

    @property
    def id(self) -> bytes:
        """The first four bytes of the key's hash (C2SP signed-note)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """As it is handed to others: name, id, and kind with the key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A line of signature: of the key called `name` whose id is `key`."""

    name: str
    key: bytes
    value: bytes

    def line(self) -> str:
        """As it stands in the note."""
        return f"— {self.name} {b64encode(self.key + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A head and who signed it."""

    head: Checkpoint
    signatures: tuple[NoteSignature, ...]

    def note(self) -> str:
        """The whole note."""
        return f"{self.head.text()}\n{''.join(one.line() for one in self.signatures)}"

    def signed_by(self, keys: Iterable[NoteKey]) -> list[NoteKey]:
        """Those of some keys whose signature is on it and holds."""
        return [key for key in keys if any(_holds(self.head, one, key) for one in self.signatures)]

    def time_of(self, key: NoteKey) -> int | None:
        """When a witness cosigned, in seconds since 1970; None if it did not."""
        held = [one for one in self.signatures if key.kind == WITNESS and _holds(self.head, one, key)]
        return int.from_bytes(held[0].value[:8], "big") if held else None

    def with_signature(self, one: NoteSignature) -> "SignedCheckpoint":
        """With one signature more; a key's newer one takes the place of its older one."""
        others = tuple(each for each in self.signatures if (each.name, each.key) != (one.name, one.key))
        return SignedCheckpoint(self.head, (*others, one))


def sign(head: Checkpoint, name: str, secret: SigningKey) -> NoteSignature:
    """The log's own signature."""
    key = NoteKey(name, bytes(secret.verify_key))
    return NoteSignature(name, key.id, secret.sign(head.text().encode()).signature)


def cosign(head: Checkpoint, name: str, secret: SigningKey, seconds: int) -> NoteSignature:
    """A witness's signature at a time, in seconds since 1970 (C2SP tlog-cosignature, cosignature/v1)."""
    key = NoteKey(name, bytes(secret.verify_key), WITNESS)
    value = seconds.to_bytes(8, "big") + secret.sign(_dated(head, seconds)).signature
    return NoteSignature(name, key.id, value)


def parse(note: str) -> SignedCheckpoint:
    """Read a note; refuses what is none with `MalformedError`. Its signatures are not checked yet."""
    if len(note) > _MOST_BYTES:
        raise MalformedError("the note is too long")
    body, gap, lines = note.rpartition("\n\n")
    parts = body.split("\n")
    if not gap or len(parts) < 3 or not parts[0]:  # noqa: PLR2004 - origin, size, root; lines after them are extensions
        raise MalformedError("it is no signed checkpoint")
    if len(parts) > 3:  # noqa: PLR2004
        raise MalformedError("extensions of a checkpoint are not understood")
    size = parts[1]
    if not (size.isascii() and size.isdigit() and str(int(size[:20])) == size):
        raise MalformedError("its size is no number")
    root = _bytes(parts[2], 32)
    found = [_signature(line) for line in lines.splitlines()]
    if not found or len(found) > _MOST_SIGNATURES or not lines.endswith("\n"):
        raise MalformedError("it has no signatures, or too many")
    return SignedCheckpoint(Checkpoint(parts[0], int(size), root), tuple(found))


def _signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, gap, value = rest.partition(" ")
    if dash != "—" or not gap or not name:
        raise MalformedError("a line of signature is not understood")
    data = _bytes(value)
    if len(data) <= 4:  # noqa: PLR2004 - the key's id
        raise MalformedError("a signature is too short")
    return NoteSignature(name, data[:4], data[4:])


def _bytes(text: str, size: int | None = None) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise MalformedError("it holds bytes that are no base64") from error
    if b64encode(found).decode() != text or (size is not None and len(found) != size):
        raise MalformedError("it holds a hash of another length")
    return found


def _holds(head: Checkpoint, one: NoteSignature, key: NoteKey) -> bool:
    if one.name != key.name or one.key != key.id:
        return False
    cosigned = key.kind == WITNESS
    message = _dated(head, int.from_bytes(one.value[:8], "big")) if cosigned else head.text().encode()
    try:
        VerifyKey(key.public).verify(message, one.value[8:] if cosigned else one.value)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def _dated(head: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{head.text()}".encode()
