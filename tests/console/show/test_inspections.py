from datetime import UTC, date, datetime

from tallyward.console.show.inspections import days_late, inspection_head
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.registry.inspecting import Inspected
from tallyward.registry.inspection import Inspection, LateCard, Part, notices_of
from tallyward.registry.model import RealName

MADE = datetime(2026, 3, 3, tzinfo=UTC)
HEAD = Inspection(4, "daily", date(2026, 3, 2), date(2026, 3, 2), MADE, 0.9)


def part(holder: int, active: int, none: int, in_use: int = 0) -> Part:
    states = {RealName.ACTIVE: active, RealName.NONE: none}
    return Part((EnterpriseId(holder), EnterpriseId(1)), states, in_use, 0, None, ())


def test_the_head_counts_who_joined_and_who_failed() -> None:
    parts = [part(11, 9, 1), part(12, 9, 1, in_use=1), part(13, 1, 9), part(14, 0, 0)]
    head = inspection_head(Inspected(HEAD, notices_of(parts, 0.9)))
    assert (head.enterprises, head.failed, head.joined, head.unregistered, head.in_use) == (3, 2, 30, 11, 1)


def test_days_are_whole_and_never_below_nought() -> None:
    made = int(MADE.timestamp())
    waits = [made - 2 * 86_400, made - 2 * 86_400 + 1, made + 5]
    assert [days_late(HEAD, LateCard(CardId(1), "89", RealName.NONE, ts)) for ts in waits] == [2, 1, 0]
