"""Keys of logs and witnesses as text: `name+id+base64` for others, `PRIVATE+KEY+name+id+base64` for one's own file.

The form is that of signed notes (C2SP signed-note, verifier keys; golang.org/x/mod/sumdb/note). Pure.
"""

from base64 import b64decode, b64encode
from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody.checkpoint import LOG, WITNESS, NoteKey
from tallyward.kernel.errors import InvalidError

_PRIVATE: Final = "PRIVATE+KEY+"
_KEY: Final = 32
_LONGEST: Final = 512


class NoteSecret(NamedTuple):
    """A secret key of notes, and the name it signs with."""

    key: NoteKey
    secret: SigningKey


def parse_key(text: str, kind: int) -> NoteKey:
    """A public key of a kind (LOG or WITNESS); refuses with `custody.note_key`."""
    name, said, data = _parts(text, kind)
    key = NoteKey(name, data, kind)
    if key.id.hex() != said:
        raise InvalidError("custody.note_key", problem="its id is that of another key")
    return key


def parse_secret(text: str, kind: int) -> NoteSecret:
    """A secret key; refuses with `custody.note_key`, which never tells any of it."""
    if not text.startswith(_PRIVATE):
        raise InvalidError("custody.note_key", problem="it is no private key")
    name, said, data = _parts(text.removeprefix(_PRIVATE).strip(), kind)
    found = secret_of(name, SigningKey(data), kind)
    if found.key.id.hex() != said:
        raise InvalidError("custody.note_key", problem="its id is that of another key")
    return found


def secret_of(name: str, secret: SigningKey, kind: int) -> NoteSecret:
    """A secret key under a name; refuses a name that notes can't hold."""
    if not _is_name(name) or kind not in (LOG, WITNESS):
        raise InvalidError("custody.note_key", problem="its name has spaces or plus signs, or is too long")
    return NoteSecret(NoteKey(name, bytes(secret.verify_key), kind), secret)


def secret_text(one: NoteSecret) -> str:
    """As it lies in its owner's file."""
    data = b64encode(bytes([one.key.kind]) + bytes(one.secret)).decode()
    return f"{_PRIVATE}{one.key.name}+{one.key.id.hex()}+{data}\n"


def _parts(text: str, kind: int) -> tuple[str, str, bytes]:
    name, _, rest = text[:_LONGEST].partition("+")
    said, _, encoded = rest.partition("+")
    try:
        data = b64decode(encoded, validate=True)
    except ValueError as error:
        raise InvalidError("custody.note_key", problem="it is not name+id+base64") from error
    if not _is_name(name) or len(data) != _KEY + 1 or data[0] != kind:
        raise InvalidError("custody.note_key", problem="it is not name+id+base64, or of another kind")
    return name, said, data[1:]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 255 and "+" not in name and name.isprintable() and not any(map(str.isspace, name))  # noqa: PLR2004
