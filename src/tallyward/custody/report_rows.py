"""Rows of what is said about cards and members without moving a card, and of approvals and device ties. Pure data.

Rows of cards are kept by the entry that made them, not by card: a span's way leads to the entry, the entry to the row.
`parts` are (lot's number, start, end) in the order of the entry.
"""

from typing import Final, NamedTuple

from tallyward.custody.fields import Rules

GRADES: Final = "ABCDE"
"""Grades of credit, the best first. `Rules.quotas` has one number for each, and one for members without a grade."""
NOBODY: Final = b"\xff" * 12
"""Stands where a person's token stood, once the card has ended; no person has this token."""


class RuleVersions(NamedTuple):
    """The circulation rules of one id: those in force, and those to come, by `since`."""

    versions: tuple[Rules, ...]


class ApprovalRow(NamedTuple):
    """The persons of cards that were approved together, until all of those cards have ended."""

    parts: tuple[tuple[int, int, int], ...]
    persons: bytes


class BindingRow(NamedTuple):
    """Cards tied to devices. `parts`, sorted: (lot, start, end, how many devices each card has had with this one).

    `devices`: SHA-256 of all hashes of devices; they themselves stand in the entry.
    """

    parts: tuple[tuple[int, int, int, int], ...]
    devices: bytes


class OrderRow(NamedTuple):
    """A regulator's order to suspend. `parts`: cards that go on still; `met`: when there were none left, 0 till then.

    It is late if `met`, or now while it is open, is after `deadline`.
    """

    by: str
    operator: str
    given: int
    deadline: int
    cards: int
    parts: tuple[tuple[int, int, int], ...]
    met: int


class StockRow(NamedTuple):
    """A member's last stock report: taken at `at`, `held` by the ledger, cards too few and too many by lot, summed up.

    `reports`, `differing`: how many reports there were, and how many of them differed.
    """

    at: int
    held: int
    missing: int
    surplus: int
    reports: int
    differing: int


class IncidentRow(NamedTuple):
    """What a monitoring key saw. `parts`: (lot, start, end, holder's number at the time, the event named)."""

    by: str
    rule: str
    evidence: bytes
    parts: tuple[tuple[int, int, int, int, int], ...]


class DestroyedRow(NamedTuple):
    """A data key that its owner has destroyed."""

    owner: str
    key: bytes


class CreditRow(NamedTuple):
    """A member's grade and the cards it may hold, computed from entries of blocks up to `height`."""

    grade: str
    quota: int
    height: int
