"""Who keeps the card ledger going, as the pages show it: who agrees on it and who vouches for it."""

from pydantic import Field

from tallyward.console.views.shared import Answer, Moment, Words


class ValidatorRow(Answer):
    """A validator, as the organisation's own node sees it."""

    member: str = Field(description="whose it is, by code; empty where the ledger names it no more")
    key: str = Field(description="the public key that it votes with, hex")
    power: int
    signed: bool = Field(description="the last block whose signatures are complete")
    missed: int = Field(description="how many of the last `blocks` it did not sign")


class WitnessRow(Answer):
    """A witness that the server asks to sign each new head."""

    name: str
    key: str = Field(description="id of its key, hex")
    at: Moment | None = Field(description="when it signed last; null: never")
    size: int = Field(description="entries of the head that it signed last")
    behind: int = Field(description="entries that came since; 0: it has signed the newest head")
    problem: Words | None = Field(description="why it did not sign when it was asked last")


class ConsensusView(Answer):
    """What a node that answers sees."""

    height: int
    at: Moment = Field(description="time of the last block; they come once a second even when nothing is said")
    behind_seconds: int = Field(description="how long ago that is")
    late: bool = Field(description="longer than blocks take: more than a third of the validators may be gone")
    catching_up: bool
    peers: int
    blocks: int = Field(description="the last ones whose signatures were counted")
    validators: list[ValidatorRow]


class NodeView(Answer):
    """The organisation's own node. `consensus` null: it does not answer."""

    member: str
    consensus: ConsensusView | None
