"""A receipt: an entry, its place in the log, and a signed head that contains it (C2SP tlog-proof). Pure.

    c2sp.org/tlog-proof@v1
    extra <the entry, base64>
    index <its number>
    <hash, base64>             the path from the entry to the root
                               (empty)
    <the signed checkpoint>

Whoever has it needs nobody to check it: `verify_receipt.py` does, alone.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass

from tallyward.custody import checkpoint, merkle
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.codec import MalformedError

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry number `index` is in the tree of `head`."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    head: SignedCheckpoint

    @property
    def holds(self) -> bool:
        """Whether the path leads from the entry to the head's root; who signed the head is another question."""
        leaf, head = merkle.leaf_hash(self.entry), self.head.head
        return merkle.included(leaf, self.index, head.size, self.path, head.root)

    def text(self) -> str:
        """As a file."""
        path = "".join(f"{b64encode(one).decode()}\n" for one in self.path)
        extra = b64encode(self.entry).decode()
        return f"{HEADER}\nextra {extra}\nindex {self.index}\n{path}\n{self.head.note()}"


def parse(text: str) -> Receipt:
    """Read a receipt; refuses what is none with `MalformedError`."""
    proof, gap, note = text.partition("\n\n")
    lines = proof.split("\n")
    if not gap or len(lines) < 3 or lines[0] != HEADER:  # noqa: PLR2004 - header, extra, index
        raise MalformedError("it is no receipt")
    extra, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
    try:
        entry, *path = (b64decode(one, validate=True) for one in (extra, *lines[3:]))
        found = Receipt(entry, int(index), tuple(path), checkpoint.parse(note))
    except (Base64Error, ValueError) as error:
        raise MalformedError("it is no receipt") from error
    if found.text() != text:
        raise MalformedError("it is not in its one form")
    return found
