"""The statement of a traversal as an answer."""

from tallyward.console.ports import Traversal
from tallyward.console.views.situation import Coverage


def coverage(traversal: Traversal) -> Coverage:
    """What it covered, and whether the sums match."""
    return Coverage(
        day=traversal.day,
        cards_expected=traversal.cards_expected,
        cards_read=traversal.cards_read,
        cards_unknown=traversal.cards_unknown,
        records_in=traversal.records_in,
        records_used=traversal.records_used,
        records_refused=traversal.records_refused,
        at=traversal.at,
        complete=traversal.complete,
    )
