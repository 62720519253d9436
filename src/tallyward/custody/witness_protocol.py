"""What a log and a witness say to each other over HTTP: bodies of C2SP tlog-witness `add-checkpoint`. Pure.

old 20852014                 what the witness signed last, as the log believes
<hash, base64>               proof from there to the new head, at most 63 lines
                             (empty)
<the new checkpoint, signed by the log>
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Final

from tallyward.custody import checkpoint
from tallyward.custody.checkpoint import NoteSignature, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.kernel.errors import InvalidError

PATH: Final = "/add-checkpoint"
SIZE_TYPE: Final = "text/x.tlog.size"
MOST_BYTES: Final = 70_000
"""Of a request or an answer."""
MOST_PROOF: Final = 63
_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class Request:
    """A head to be signed, `old`: the size that was signed before, and what leads from there."""

    old: int
    proof: tuple[bytes, ...]
    head: SignedCheckpoint

    def body(self) -> bytes:
        """As it is sent."""
        lines = "".join(f"{b64encode(one).decode()}\n" for one in self.proof)
        return f"old {self.old}\n{lines}\n{self.head.note()}".encode()


def parse_request(body: bytes) -> Request:
    """Read a request; refuses with `custody.witness_request`."""
    try:
        first, _, note = body.decode().partition("\n\n")
        start, *lines = first.split("\n")
        proof = tuple(b64decode(one, validate=True) for one in lines[: MOST_PROOF + 1])
        found = Request(parse_size(start.removeprefix("old ")), proof, checkpoint.parse(note))
    except (UnicodeDecodeError, Base64Error, MalformedError) as error:
        raise InvalidError("custody.witness_request", problem=_plain(error)) from error
    if found.body() != body or len(proof) > MOST_PROOF or any(len(one) != _HASH for one in proof):
        raise InvalidError("custody.witness_request", problem="it is not in its one form")
    return found


def parse_size(text: str) -> int:
    """A number of entries in its one form; `MalformedError` if it is none."""
    if not (text.isascii() and text.isdigit() and str(int(text[:20])) == text):
        raise MalformedError("a size is no number")
    return int(text)


def parse_signatures(head: SignedCheckpoint, body: bytes) -> tuple[NoteSignature, ...]:
    """The lines of an answer; `MalformedError` if they are none. Whose they are is not checked yet."""
    try:
        return checkpoint.parse(f"{head.head.text()}\n{body.decode()}").signatures
    except UnicodeDecodeError as error:
        raise MalformedError("it is no text") from error


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, MalformedError) else "it is no text, or holds bytes that are no base64"
