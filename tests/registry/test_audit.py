from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from tallyward.registry.audit import AuditEntry

MOMENT = datetime(2026, 11, 23, tzinfo=UTC)


def test_an_entry_cannot_be_changed_and_shares_no_detail() -> None:
    first, second = (AuditEntry(MOMENT, "who", None, "room.verb", "card 1") for _ in range(2))
    assert first == second
    assert first.detail is not second.detail
    with pytest.raises(FrozenInstanceError):
        first.actor = "other"  # type: ignore[misc]
