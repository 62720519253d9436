"""Who keeps the card ledger going, as answers."""

from typing import Final

from tallyward.console.custody_health import OwnNode, WitnessSeen
from tallyward.console.show.incidents import moment
from tallyward.console.views.custody_health import ConsensusView, NodeView, ValidatorRow, WitnessRow
from tallyward.console.views.shared import Words
from tallyward.custody.consensus import Consensus

LATE_SECONDS: Final = 15
"""Blocks come once a second, or after some rounds where proposers are gone."""


def node_view(own: OwnNode, now: int) -> NodeView:
    """The organisation's own node."""
    return NodeView(member=own.member, consensus=_consensus(own.seen, now) if own.seen else None)


def witness_row(one: WitnessSeen, size: int) -> WitnessRow:
    """A witness, beside a newest head of so many entries."""
    told = one.problem
    return WitnessRow(
        name=one.name,
        key=one.key,
        at=moment(one.at) if one.at else None,
        size=one.size,
        behind=max(0, size - one.size),
        problem=Words(en=told["en"], zh_cn=told["zh-CN"]) if told else None,
    )


def _consensus(seen: Consensus, now: int) -> ConsensusView:
    behind = max(0, now - seen.time)
    return ConsensusView(
        height=seen.height,
        at=moment(seen.time),
        behind_seconds=behind,
        late=behind > LATE_SECONDS,
        catching_up=seen.behind,
        peers=seen.peers,
        blocks=seen.blocks,
        validators=[
            ValidatorRow(member=one.member, key=one.public.hex(), power=one.power, signed=one.signed, missed=one.missed)
            for one in seen.votes
        ],
    )
