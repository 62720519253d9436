"""Who keeps the card ledger going, as wiring tells the console: plain values. Pure."""

from dataclasses import dataclass

from tallyward.custody.consensus import Consensus


@dataclass(frozen=True, slots=True)
class OwnNode:
    """The organisation's own node. `seen`: what it sees; None where it does not answer."""

    member: str
    seen: Consensus | None
