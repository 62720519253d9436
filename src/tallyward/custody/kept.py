"""What a vault keeps: an envelope, and which cards and transaction it belongs to. Pure."""

from dataclasses import dataclass

from tallyward.custody.envelope import Envelope, Use


@dataclass(frozen=True, slots=True)
class Kept:
    """Of cards `start` to before `end` of a lot.

    `transaction`: the hash that its context names; `place`: of the card within the request, from 0.
    `person`: the token of the person that the card was approved for, None before that.
    """

    envelope: Envelope
    use: Use
    lot: str
    start: int
    end: int
    transaction: bytes
    place: int = 0
    person: bytes | None = None
