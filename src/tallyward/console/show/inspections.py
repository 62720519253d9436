"""Inspections as answers."""

from typing import Final

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import moment
from tallyward.console.views.inspections import (
    InspectionDetail,
    InspectionHead,
    LateCardRow,
    NoticeDetail,
    NoticeRow,
)
from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.registry.inspecting import Inspected
from tallyward.registry.inspection import Inspection, LateCard, Notice, Verdict

MOST_NOTICES: Final = 1000
"""Enterprises that one answer lists; the file lists all."""
_FAILED: Final = frozenset({Verdict.BELOW, Verdict.USED})


def inspection_head(inspected: Inspected) -> InspectionHead:
    """The head, with sums."""
    head, notices = inspected.inspection, inspected.notices
    return InspectionHead(
        id=head.id,
        cadence=head.cadence,
        since=head.since,
        until=head.until,
        made_at=head.made_at,
        threshold=head.threshold,
        enterprises=sum(one.joined > 0 for one in notices),
        failed=sum(one.verdict in _FAILED for one in notices),
        joined=sum(one.joined for one in notices),
        registered=sum(one.registered for one in notices),
        unregistered=sum(one.unregistered for one in notices),
        in_use=sum(one.in_use for one in notices),
        assumed=sum(one.assumed for one in notices),
    )


def notice_row(look_up: LookUp, notice: Notice) -> NoticeRow:
    """One enterprise."""
    return NoticeRow(
        enterprise=look_up.enterprise(notice.enterprise),
        verdict=notice.verdict.value,
        joined=notice.joined,
        registered=notice.registered,
        unregistered=notice.unregistered,
        share=notice.share,
        real_name={state.value: cards for state, cards in notice.states.items()},
        in_use=notice.in_use,
        undated=notice.undated,
        assumed=notice.assumed,
        longest_since=None if notice.longest_since is None else moment(notice.longest_since),
    )


def inspection_detail(look_up: LookUp, inspected: Inspected) -> InspectionDetail:
    """Head and enterprises."""
    return InspectionDetail(
        inspection=inspection_head(inspected),
        notices=[notice_row(look_up, one) for one in inspected.notices[:MOST_NOTICES]],
        notices_total=len(inspected.notices),
    )


def notice_detail(look_up: LookUp, head: Inspection, notice: Notice) -> NoticeDetail:
    """One enterprise with its cards."""
    return NoticeDetail(
        inspection=inspection_head(Inspected(head, (notice,))),
        notice=notice_row(look_up, notice),
        operators=[look_up.enterprise(operator) for operator in notice.operators],
        cards=[
            LateCardRow(
                card=one.card,
                iccid=one.iccid,
                real_name=one.state.value,
                joined_at=moment(one.joined_at),
                days=days_late(head, one),
                in_use=one.in_use,
                assumed=one.assumed,
            )
            for one in notice.late
        ],
    )


def days_late(head: Inspection, card: LateCard) -> int:
    """Whole days from joining to the inspection."""
    return max(0, int(head.made_at.timestamp()) - card.joined_at) // SECONDS_PER_DAY
