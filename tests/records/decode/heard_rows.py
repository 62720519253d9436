"""What a file's messages give in a store that knows none of their sessions."""

from typing import Any

from tallyward.kernel.ids import EnterpriseId
from tallyward.records.decode.accounting import Sessions
from tallyward.records.decode.observed import observed_rows
from tallyward.records.sessions import since_counted


def first_rows(sessions: Sessions) -> list[dict[str, Any]]:
    counted = since_counted(sessions, EnterpriseId(1), lambda _asked: {})
    rows: list[dict[str, Any]] = observed_rows([*sessions.alone, *counted.rows]).to_pylist()
    return rows
