"""Who may look up whose credit, and what is noted of it (white paper 4(1), 信用查验). Pure."""

from enum import StrEnum
from typing import NamedTuple

from tallyward.custody.refusals import live_member
from tallyward.custody.state import State
from tallyward.kernel.errors import ForbiddenError, NotFoundError


class Ground(StrEnum):
    """Why somebody may know. The codes are in the log of look-ups: never renamed."""

    OPERATOR = "operator"
    REGULATOR = "regulator"
    COUNTERPARTY = "counterparty"
    OWN = "own"


class LookUp(NamedTuple):
    """That `asker` was told the `score` of `about` at a time (seconds since 1970), as of so many entries."""

    asker: str
    about: str
    ground: Ground
    time: int
    size: int
    score: int


def ground(state: State, asker: str, about: str, now: int) -> Ground:
    """Why a member may know another's credit: operators and regulators, both sides of an open offer, itself.

    Refuses strangers with `custody.member_unknown`, everybody else with `custody.look_up_forbidden`.
    """
    member = live_member(state, asker)
    if state.members.get(about.encode()) is None:
        raise NotFoundError("custody.member_unknown", member=about)
    if asker == about:
        return Ground.OWN
    if member.kind in (Ground.OPERATOR, Ground.REGULATOR):
        return Ground(member.kind)
    pair = {asker, about}
    if any({row.seller, row.buyer} == pair and row.expires > now for row in state.offers.rows.values()):
        return Ground.COUNTERPARTY
    raise ForbiddenError("custody.look_up_forbidden", asker=asker, about=about)
