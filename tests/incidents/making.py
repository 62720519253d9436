"""Findings made to measure, owners by rule, and an audit log that can be broken."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tallyward.detect.cards.finding import (
    EvidenceRecord,
    Explanation,
    Finding,
    LimitOrigin,
    Measure,
    Subject,
    SubjectKind,
)
from tallyward.kernel.ids import CardId, EnterpriseId, RuleId
from tallyward.registry.audit import AuditEntry

HOLDER, OTHER_HOLDER, OPERATOR, OTHER_OPERATOR = (EnterpriseId(number) for number in (11, 12, 1, 2))
DAY = date(2026, 3, 2)
DAY_TS = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)
INTAKE_OF_OPERATOR = 7


def owners(cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]:
    """Odd cards belong to one holder, even ones to another; cards above 1000 are not registered."""
    return {card: (HOLDER, OPERATOR) if card % 2 else (OTHER_HOLDER, OTHER_OPERATOR) for card in cards if card <= 1000}


def source_operator(intake: int) -> EnterpriseId | None:
    return OPERATOR if intake == INTAKE_OF_OPERATOR else None


def make_finding(
    card: int = 1,
    rule: str = "R1",
    *,
    records: int = 3,
    last: int = 3600,
    version: str = "v1",
    day: date = DAY,
    subject: Subject | None = None,
    intake: int = 0,
    area: int = 5,
) -> Finding:
    return Finding(
        rule=RuleId(rule),
        rule_version=version,
        severity="high",
        day=day,
        subject=subject or Subject(SubjectKind.CARD, str(card)),
        card=CardId(card),
        records=records,
        first_ts=DAY_TS + 60,
        last_ts=DAY_TS + last,
        measures=(Measure("count(records)", str(records), "0", LimitOrigin.CARD),),
        evidence=(EvidenceRecord(4, 2, DAY_TS + last, 2, 0, "8613800000000", 0, 0, 61, 9, area),),
        explanation={"en": Explanation("It called.", "No call."), "zh-CN": Explanation("有通话。", "无通话。")},
        source_intake=intake,
    )


class AuditBook:
    """Takes audit entries; breaks on demand, to see that the change breaks with it."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.broken = False

    def write(self, _session: Session, entry: AuditEntry) -> None:
        if self.broken:
            raise RuntimeError("the audit log can't be written")
        self.entries.append(entry)
