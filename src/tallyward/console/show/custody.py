"""The card ledger as answers."""

from collections.abc import Mapping, Sequence
from typing import Final

from tallyward.console.custody_desk import Standing
from tallyward.console.custody_risk import RiskLink, RiskRow
from tallyward.console.look_up import both
from tallyward.console.ports import CustodyHealth
from tallyward.console.show.custody_health import node_view, witness_row
from tallyward.console.show.incidents import moment
from tallyward.console.views.custody import (
    BreakCause,
    BreakRow,
    BreakStage,
    Chain,
    ChainStep,
    CustodyOverview,
    HoldingRow,
    LedgerHead,
    LotRow,
    MemberStock,
    NoteSigner,
    OfferRow,
    RequestRow,
    SlotRange,
    StateCards,
    StepSigner,
)
from tallyward.console.views.shared import Words
from tallyward.custody import overview
from tallyward.custody.checkpoint import NoteKey, NoteSignature
from tallyward.custody.trace import Trace, TraceStep

_PARTS: Final = 20
_TIMED: Final = 72
"""Bytes of a signature with its time before it (C2SP cosignature/v1)."""

NOTHING: Final = CustodyOverview(
    ledger=None,
    sees_all=False,
    lots=0,
    cards=0,
    ages=list(overview.AGES),
    members=[],
    members_total=0,
    offers=[],
    offers_total=0,
    requests=[],
    requests_total=0,
    node=None,
)
"""What is told where no ledger was begun."""


def custody_overview(
    found: Standing, log: NoteKey, now: int, *, sees_all: bool, health: CustodyHealth | None = None
) -> CustodyOverview:
    """How the ledger stands. `health`: None where nobody asks who keeps it going."""
    node = health.node() if health else None
    head = found.head.head
    return CustodyOverview(
        ledger=LedgerHead(
            origin=head.origin,
            entries=found.entries,
            blocks=found.blocks,
            size=head.size,
            root=head.root.hex(),
            at=moment(found.time),
            log_key=log.text(),
            signers=[_signer(one, log) for one in found.head.signatures],
            witnesses=[witness_row(one, head.size) for one in (health.witnesses() if health else ())],
        ),
        sees_all=sees_all,
        lots=found.lots,
        cards=found.cards,
        ages=list(overview.AGES),
        members=[_member(one) for one in found.members],
        members_total=found.members_total,
        offers=[_offer(one, now) for one in found.offers],
        offers_total=found.offers_total,
        requests=[_request(one) for one in found.requests],
        requests_total=found.requests_total,
        node=node_view(node, now) if node else None,
    )


def lot_row(lot: overview.LotView) -> LotRow:
    """A row of the list."""
    return LotRow(
        id=lot.id,
        operator=lot.operator,
        cards=lot.cards,
        product=lot.product,
        rules=lot.rules,
        holders=lot.holders,
        by_state=[
            StateCards(state=state.name, title=both(f"custody.state.{state.name}"), cards=cards)
            for state, cards in lot.by_state
        ],
        since=moment(lot.since),
    )


def holding_row(one: overview.Holding) -> HoldingRow:
    """A row of the list."""
    return HoldingRow(
        first=one.start,
        last=one.end - 1,
        holder=one.holder,
        state=one.state.name,
        title=both(f"custody.state.{one.state.name}"),
        entry=one.cause,
        since=moment(one.since),
    )


def chain(found: Trace, names: Mapping[str, str]) -> Chain:
    """A card's way. `names`: of members by code."""
    return Chain(
        number=found.number,
        lot=found.lot,
        slot=found.slot,
        operator=found.operator,
        product=found.product,
        hops=found.hops,
        steps=[_step(one, names) for one in found.steps],
    )


def break_row(row: RiskRow) -> BreakRow:
    """A row of the queue."""
    return BreakRow(
        kind=row.kind,
        name=row.name,
        first=row.start,
        last=max(row.end - 1, row.start),
        breaks=[BreakCause(code=one, title=both(f"custody.break.{one}")) for one in row.breaks],
        probability=row.probability,
        last_holder=row.last_holder,
        path=[_stage(one) for one in row.path],
        entries=list(row.entries),
        told=[Words(en=en, zh_cn=zh) for en, zh in zip(row.told["en"], row.told["zh-CN"], strict=True)],
        action=both(f"custody.action.{row.action}"),
    )


def visible(operator: str | None, rows: Sequence[RiskRow]) -> list[RiskRow]:
    """The findings that one may see: of one operator's cards, or all."""
    return [row for row in rows if operator in {None, row.operator}]


def _signer(one: NoteSignature, log: NoteKey) -> NoteSigner:
    timed = len(one.value) == _TIMED
    at = moment(int.from_bytes(one.value[:8], "big")) if timed else None
    return NoteSigner(name=one.name, key=one.key.hex(), log=one.key == log.id, at=at)


def _member(one: overview.MemberView) -> MemberStock:
    return MemberStock(id=one.id, kind=one.kind, name=one.name, gone=one.gone, stock=one.stock, by_age=list(one.by_age))


def _offer(one: overview.OfferView, now: int) -> OfferRow:
    return OfferRow(
        hash=one.hash.hex(),
        seller=one.seller,
        buyer=one.buyer,
        cards=one.cards,
        parts=[SlotRange(lot=lot, first=start, last=end - 1) for lot, start, end in one.parts[:_PARTS]],
        since=moment(one.since),
        expires=moment(one.expires),
        expired=one.expires <= now,
    )


def _request(one: overview.RequestView) -> RequestRow:
    return RequestRow(hash=one.hash.hex(), shop=one.shop, operator=one.operator, cards=one.cards, approved=one.approved)


def _step(one: TraceStep, names: Mapping[str, str]) -> ChainStep:
    link = one.link
    return ChainStep(
        holder=link.holder,
        holder_name=names.get(link.holder, link.holder),
        state=link.state.name,
        title=both(f"custody.state.{link.state.name}"),
        kind=one.kind.name,
        entry=link.entry,
        hash=one.entry_hash,
        since=moment(link.since),
        dwell_seconds=link.dwell,
        signers=[
            StepSigner(member=each.member, key=each.key, hosted=each.hosted, ended=each.gone) for each in one.signers
        ],
    )


def _stage(one: RiskLink) -> BreakStage:
    return BreakStage(
        holder=one.holder,
        state=one.state,
        title=both(f"custody.state.{one.state}"),
        entry=one.entry,
        since=moment(one.since),
        dwell_seconds=one.dwell,
        broken=one.broken,
    )
