"""How long raw records are kept, since peers and places are personal data, and what was counted of sessions. Pure."""

from datetime import date, timedelta
from typing import Final

KEEP_DAYS: Final = 30
SESSION_DAYS: Final = 7
"""Days after which a session that was silent, while others were heard of, is forgotten."""
_A_MONTH: Final = 28
_AFTERWARDS: Final = timedelta(days=2)


def expires_before(today: date, keep_days: int) -> date:
    """The first day that stays.

    Limits by month need every day of it. So with 28 days or more a month stays whole until two days after its end: a
    day may then stay three days longer than told, never more. With fewer days asked for, exactly those are kept.
    """
    first = today - timedelta(days=keep_days)
    if keep_days < _A_MONTH:
        return first
    return min(first, (today - _AFTERWARDS).replace(day=1))
