"""The newest judgement of the card ledger against traffic, as the console asks for it."""

from collections.abc import Sequence
from datetime import datetime

from tallyward.console.custody_risk import RiskLink, RiskRow
from tallyward.wiring.custody.risk_log import RiskLog, ToldFinding


class CustodyRiskBoard:
    """See `console.ports.CustodyRisk`."""

    def __init__(self, log: RiskLog) -> None:
        """`log`: where any process keeps the newest report."""
        self._log = log

    def findings(self) -> tuple[datetime | None, Sequence[RiskRow]]:
        """(when it was computed, the likeliest first); None before the first time."""
        report = self._log.last()
        return (report.computed_at, [_row(one) for one in report.told]) if report else (None, ())


def _row(one: ToldFinding) -> RiskRow:
    subject = one.subject
    links = (RiskLink(each.holder, each.state, each.entry, each.since, each.dwell, each.broken) for each in one.path)
    return RiskRow(
        kind=str(subject["kind"]),
        name=str(subject["name"]),
        start=int(subject["start"]),
        end=int(subject["end"]),
        operator=one.operator,
        breaks=tuple(one.breaks),
        probability=one.probability,
        last_holder=one.holder,
        path=tuple(links),
        entries=tuple(one.entries),
        told={"en": tuple(one.explanation["en"]), "zh-CN": tuple(one.explanation["zh-CN"])},
        action=one.action,
    )
