"""Credit as answers."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from tallyward.console.custody_desk import Told
from tallyward.console.show.incidents import moment
from tallyward.console.views.credit import CreditAnswer, CreditFound, CreditReason, CreditSubject, LookUpRow, LostPoints
from tallyward.console.views.shared import Words
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.credit import Reason
from tallyward.custody.look_ups import LookUp
from tallyward.custody.overview import MemberView
from tallyward.kernel.catalogue import words
from tallyward.kernel.errors import TallywardError

_ENTRIES: Final = 20


def credit_subject(member: MemberView) -> CreditSubject:
    """A row of the list."""
    return CreditSubject(organisation=member.id, name=member.name, kind=member.kind, gone=member.gone)


def credit_answer(
    told: Told, asker: str, log: NoteKey, names: Mapping[str, str], *, may_know_who_asked: bool
) -> CreditAnswer:
    """A score with its reasons and its statement."""
    credit, statement = told.credit, told.statement
    return CreditAnswer(
        organisation=credit.organisation,
        name=names.get(credit.organisation, credit.organisation),
        asker=asker,
        may_know_who_asked=may_know_who_asked,
        score=credit.score,
        low=credit.low,
        high=credit.high,
        grade=credit.grade,
        quota=credit.quota,
        entries=credit.size,
        root=statement.root.hex(),
        at=moment(credit.time),
        reasons=[_reason(one) for one in credit.reasons],
        capped_by=credit.capped,
        issued=moment(statement.issued),
        expires=moment(statement.expires),
        statement=b64encode(told.signed).decode(),
        log_key=log.text(),
    )


def refused(organisation: str, refusal: TallywardError) -> CreditFound:
    """Why one of several was not told."""
    reason = Words(en=refusal.sentence("en"), zh_cn=refusal.sentence("zh-CN"))
    return CreditFound(organisation=organisation, credit=None, refused=refusal.code, reason=reason)


def look_up_row(one: LookUp) -> LookUpRow:
    """A row of the log."""
    return LookUpRow(asker=one.asker, ground=one.ground.value, at=moment(one.time), entries=one.size, score=one.score)


def _reason(one: Reason) -> CreditReason:
    points = f"{one.points:+d}"
    return CreditReason(
        code=one.code,
        points=one.points,
        told=Words(
            en=words("en", f"custody.credit.{one.code}", points=points),
            zh_cn=words("zh-CN", f"custody.credit.{one.code}", points=points),
        ),
        entries=[LostPoints(entry=lost.entry, points=lost.points) for lost in one.entries[:_ENTRIES]],
        entries_total=len(one.entries),
    )
