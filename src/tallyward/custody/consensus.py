"""How the validators of a ledger do, as a member's own node sees them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vote:
    """A validator. `member`: whose it is, by code; "" where the ledger names it no more. `public`: its key.

    `signed`: the last block; `missed`: how many of the last `Consensus.blocks` it did not sign.
    """

    member: str
    public: bytes
    power: int
    signed: bool
    missed: int


@dataclass(frozen=True, slots=True)
class Consensus:
    """Blocks as a node has them. `time`: of the last one, in seconds since 1970; `behind`: the node is catching up.

    `peers`: nodes it is connected to; `blocks`: the last ones whose signatures were counted.
    """

    height: int
    time: int
    behind: bool
    peers: int
    blocks: int
    votes: tuple[Vote, ...]
    entries: int
    root: str
