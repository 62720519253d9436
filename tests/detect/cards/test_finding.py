import dataclasses
from datetime import date

import pytest

from tallyward.detect.cards.finding import Explanation, Finding, Subject, SubjectKind
from tallyward.kernel.ids import CardId, RuleId


def test_a_finding_is_a_value() -> None:
    subject = Subject(SubjectKind.CARD, "1")
    words = {"en": Explanation("why", "normal")}
    made = [
        Finding(RuleId("R1"), "v", "high", date(2026, 3, 1), subject, CardId(1), 1, 5, 9, (), (), words, 3)  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert made[0] == made[1]
    with pytest.raises(dataclasses.FrozenInstanceError):
        made[0].records = 2  # type: ignore[misc]
    assert len({Subject(SubjectKind.CARD, "1"), Subject(SubjectKind.IMEI, "1"), subject}) == 2
