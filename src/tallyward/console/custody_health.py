"""Who keeps the card ledger going, as wiring tells the console: plain values. Pure."""

from dataclasses import dataclass

from tallyward.custody.consensus import Consensus


@dataclass(frozen=True, slots=True)
class OwnNode:
    """The organisation's own node. `seen`: what it sees; None where it does not answer."""

    member: str
    seen: Consensus | None


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """A witness that the server asks. `key`: id of its key, hex; `size`: entries of the last head that it signed.

    `at`: when that was, in seconds since 1970; 0: never. `problem`: why it did not sign when it was asked last.
    """

    name: str
    key: str
    size: int
    at: int
    problem: dict[str, str] | None
