"""What a witness does: it signs a log's head only if that continues the head it signed before. Pure.

A log that was rolled back, cut or forked can't get past it. Where a log has signed two heads that can't both be true,
the two notes together prove it to anybody (`Equivocation`). The protocol around it is C2SP tlog-witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nacl.signing import SigningKey

from tallyward.custody import checkpoint, merkle
from tallyward.custody.checkpoint import NoteKey, SignedCheckpoint
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError


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


class ForkedError(ConflictError):
    """The log has signed another head of this size; `proof` shows both."""

    def __init__(self, proof: Equivocation) -> None:
        """Refuse with `custody.forked`."""
        super().__init__("custody.forked", size=proof.one.head.size)
        self.proof = proof


@dataclass(frozen=True, slots=True)
class Witness:
    """Who it is, and the log that it watches."""

    name: str
    secret: SigningKey
    log: NoteKey

    def cosigned(
        self, last: SignedCheckpoint | None, new: SignedCheckpoint, proof: Sequence[bytes], seconds: int
    ) -> SignedCheckpoint:
        """The new head with the witness's signature. `last`: what it signed before; `proof`: from that to the new one.

        Refuses with `custody.head_unsigned`, `custody.head_stale`, `custody.proof_invalid`, or `ForkedError`.
        """
        head = new.head
        if head.origin != self.log.name or not new.signed_by([self.log]):
            raise ForbiddenError("custody.head_unsigned", origin=head.origin)
        if last is not None:
            self._continues(last, new, proof)
        elif proof:
            raise InvalidError("custody.proof_invalid", old=0, size=head.size)
        return new.with_signature(checkpoint.cosign(head, self.name, self.secret, seconds))

    def _continues(self, last: SignedCheckpoint, new: SignedCheckpoint, proof: Sequence[bytes]) -> None:
        old, head = last.head, new.head
        if head.size < old.size:
            raise ConflictError("custody.head_stale", size=head.size, seen=old.size)
        if head.size == old.size and head.root != old.root:
            raise ForkedError(Equivocation(last, new))
        if not merkle.consistent(old.size, head.size, old.root, head.root, proof):
            raise InvalidError("custody.proof_invalid", old=old.size, size=head.size)
