from datetime import UTC, datetime

import pytest

from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.registry.inspection import (
    MOST_LATE,
    Inspection,
    Joined,
    LateCard,
    Verdict,
    Whose,
    judge,
    notices_of,
    parts_of,
)
from tallyward.registry.model import RealName

A, B, OP, OTHER = (EnterpriseId(number) for number in (11, 12, 1, 2))
A_OP: Whose = (A, OP)
A_OTHER: Whose = (A, OTHER)
B_OP: Whose = (B, OP)


def late(number: int, joined_at: int) -> LateCard:
    return LateCard(CardId(number), f"8986{number}", RealName.NONE, joined_at)


def test_a_notice_adds_up_the_operators_of_one_enterprise() -> None:
    parts = parts_of(
        [
            Joined(A_OP, RealName.ACTIVE, 8, 100),
            Joined(A_OP, RealName.NONE, 1, 300),
            Joined(A_OTHER, RealName.SUSPENDED, 1, 200),
            Joined(B_OP, RealName.ACTIVE, 5, 50),
        ],
        {A_OP: [late(1, 300)], A_OTHER: [late(2, 200)]},
        {A_OTHER: frozenset({CardId(2)})},
        {B_OP: 7},
        {A_OP: 2, A_OTHER: 3},
    )
    assert [part.whose for part in parts] == [A_OP, A_OTHER, B_OP]
    first, second = notices_of(parts, 0.9)
    assert (first.enterprise, first.operators) == (A, (OP, OTHER))
    assert (first.joined, first.registered, first.unregistered, first.share) == (10, 8, 2, 0.8)
    assert (first.in_use, first.longest_since, first.verdict) == (1, 200, Verdict.BELOW)
    assert (first.assumed, second.assumed) == (5, 0)
    assert [(card.card, card.in_use) for card in first.late] == [(2, True), (1, False)]
    assert (second.enterprise, second.undated, second.longest_since, second.verdict) == (B, 7, None, Verdict.MET)


def test_cards_of_unknown_time_are_told_and_judged_by_nothing() -> None:
    (notice,) = notices_of(parts_of([], {}, {}, {A_OP: 3}, {}), 1.0)
    assert (notice.joined, notice.share, notice.undated, notice.verdict) == (0, None, 3, Verdict.NOTHING)


def test_cards_of_an_assumed_time_are_told_and_judged_by_nothing() -> None:
    (notice,) = notices_of(parts_of([], {}, {}, {}, {A_OP: 3}), 1.0)
    assert (notice.joined, notice.share, notice.assumed, notice.verdict) == (0, None, 3, Verdict.NOTHING)


@pytest.mark.parametrize(
    ("registered", "in_use", "threshold", "verdict"),
    [
        (95, 0, 0.95, Verdict.MET),
        (94, 0, 0.95, Verdict.BELOW),
        (94, 3, 0.95, Verdict.BELOW),
        (95, 1, 0.95, Verdict.USED),
        (100, 0, 1.0, Verdict.MET),
        (99, 0, 1.0, Verdict.BELOW),
        (0, 0, 0.0, Verdict.MET),
    ],
)
def test_the_verdict_at_its_border(registered: int, in_use: int, threshold: float, verdict: Verdict) -> None:
    assert judge({RealName.ACTIVE: registered, RealName.REQUESTED: 100 - registered}, in_use, threshold) is verdict


def test_a_notice_names_the_longest_unregistered_and_no_more() -> None:
    many = [late(number, 1000 - number) for number in range(MOST_LATE + 9)]
    (part,) = parts_of([Joined(A_OP, RealName.NONE, len(many), 1)], {A_OP: many}, {}, {}, {})
    assert len(part.late) == MOST_LATE
    assert part.late[0].joined_at == min(card.joined_at for card in many)


def test_a_head_says_when_and_how_strict() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    assert Inspection(1, "daily", day.date(), day.date(), day, 0.9).threshold == 0.9
