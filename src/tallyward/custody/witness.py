"""A witness of a log: it signs a head only if that continues the head it signed before. Pure.

A log that was rolled back, cut or forked can't get past it. Where a log has signed two heads that can't both be true,
the two notes together prove it to anybody (`Equivocation`). The protocol around it is C2SP tlog-witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody import checkpoint, merkle
from tallyward.custody.checkpoint import NoteKey, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError

HEADER: Final = "tallyward/equivocation@v1"


@dataclass(frozen=True, slots=True)
class Equivocation:
    """Two heads of one size and different roots, both signed by the log: a proof that needs no further word."""

    one: SignedCheckpoint
    other: SignedCheckpoint

    def holds(self, log: NoteKey) -> bool:
        """Whether the log's key has signed both."""
        heads = self.one.head, self.other.head
        same_place = heads[0].origin == heads[1].origin == log.name and heads[0].size == heads[1].size
        return same_place and heads[0].root != heads[1].root and all(each.signed_by([log]) for each in self.both)

    @property
    def both(self) -> tuple[SignedCheckpoint, SignedCheckpoint]:
        """The two heads."""
        return self.one, self.other

    def text(self) -> str:
        """As a file, which `verify_receipt.py --equivocation` checks: the two notes under a header."""
        return f"{HEADER}\n\n{self.one.note()}\n{self.other.note()}"


def parse_equivocation(text: str) -> Equivocation:
    """Read a proof; refuses what is none with `codec.MalformedError`. Whether it holds is not checked yet."""
    header, *parts = text.split("\n\n")
    if header != HEADER or len(parts) != 4:  # noqa: PLR2004 - text and signatures of two notes
        raise MalformedError("it is no proof of two views")
    one, other = f"{parts[0]}\n\n{parts[1]}\n", f"{parts[2]}\n\n{parts[3]}"
    return Equivocation(checkpoint.parse(one), checkpoint.parse(other))


class ForkedError(ConflictError):
    """The log has signed another head of this size; `proof` shows both."""

    def __init__(self, proof: Equivocation) -> None:
        """Refuse with `custody.forked`."""
        super().__init__("custody.forked", size=proof.one.head.size)
        self.proof = proof


class OldSizeError(ConflictError):
    """The proof begins elsewhere than at the head that was signed last, which has `size` entries."""

    def __init__(self, old: int, size: int) -> None:
        """Refuse with `custody.old_size_differs`."""
        super().__init__("custody.old_size_differs", old=old, seen=size)
        self.size = size


@dataclass(frozen=True, slots=True)
class Witness:
    """Who it is, and the log that it watches."""

    name: str
    secret: SigningKey
    log: NoteKey

    @property
    def key(self) -> NoteKey:
        """By which its cosignatures are known."""
        return NoteKey(self.name, bytes(self.secret.verify_key), checkpoint.WITNESS)

    def meets(
        self, new: SignedCheckpoint, last: SignedCheckpoint | None, seen: SignedCheckpoint | None, old: int | None
    ) -> None:
        """Whether a head can be asked for. `seen`: what was signed of its size; `old`: where the asker's proof begins.

        Refuses with `custody.head_unsigned`, `custody.old_size_invalid`, `ForkedError`, `OldSizeError`, in this order.
        """
        head, size = new.head, last.head.size if last else 0
        if head.origin != self.log.name or not new.signed_by([self.log]):
            raise ForbiddenError("custody.head_unsigned", origin=head.origin)
        if old is not None and old > head.size:
            raise InvalidError("custody.old_size_invalid", old=old, size=head.size)
        if seen is not None and seen.head.size == head.size and seen.head.root != head.root:
            raise ForkedError(Equivocation(seen, new))
        if old is not None and old != size:
            raise OldSizeError(old, size)

    def cosigned(
        self, last: SignedCheckpoint | None, new: SignedCheckpoint, proof: Sequence[bytes], seconds: int
    ) -> SignedCheckpoint:
        """The new head with the witness's signature. `last`: what it signed before; `proof`: from that to the new one.

        Refuses with `custody.head_unsigned`, `custody.head_stale`, `custody.proof_invalid`, or `ForkedError`.
        """
        head = new.head
        self.meets(new, last, last, None)
        if last is not None:
            self._continues(last, new, proof)
        elif proof:
            raise InvalidError("custody.proof_invalid", old=0, size=head.size)
        return new.with_signature(checkpoint.cosign(head, self.name, self.secret, seconds))

    def _continues(self, last: SignedCheckpoint, new: SignedCheckpoint, proof: Sequence[bytes]) -> None:
        old, head = last.head, new.head
        if head.size < old.size:
            raise ConflictError("custody.head_stale", size=head.size, seen=old.size)
        if not merkle.consistent(old.size, head.size, old.root, head.root, proof):
            raise InvalidError("custody.proof_invalid", old=old.size, size=head.size)
