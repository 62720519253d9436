"""The statement of a traversal as an answer."""

from tallyward.console.ports import Traversal
from tallyward.console.views.situation import Coverage


def coverage(traversal: Traversal, put_aside: int) -> Coverage:
    """What it covered, and whether the sums match.

    `put_aside` records of that day were refused at intake: they came in, and no traversal can use them.
    """
    return Coverage(
        day=traversal.day,
        cards_expected=traversal.cards_expected,
        cards_read=traversal.cards_read,
        cards_unknown=traversal.cards_unknown,
        records_in=traversal.records_in + put_aside,
        records_used=traversal.records_used,
        records_refused=traversal.records_refused + put_aside,
        whitelisted=traversal.whitelisted,
        at=traversal.at,
        complete=traversal.complete,
    )
