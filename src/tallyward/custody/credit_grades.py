"""Grades of the ledger's members: what they should be, and what is set, where they bound offers (CREDIT_SET). Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tallyward.custody.credit import Credit
from tallyward.custody.credit_factors import FactorBook
from tallyward.custody.report_rows import CreditRow
from tallyward.custody.reports import CreditSet


class Grade(NamedTuple):
    """A member's grade and quota by its credit at block `height`, and what the ledger has; None: it has no grade."""

    member: str
    grade: str
    quota: int
    height: int
    set: CreditRow | None

    @property
    def differs(self) -> bool:
        """Whether it should be set anew."""
        return self.set is None or (self.set.grade, self.set.quota) != (self.grade, self.quota)


def grades(book: FactorBook, found: Mapping[str, Credit]) -> list[Grade]:
    """Of all who are members still. `found`: credit at the book's height, see `credit.credit_of_all`."""
    state = book.machine.state
    return [
        Grade(name, found[name].grade, found[name].quota, state.height, state.credit.get(name.encode()))
        for name in sorted(found)
        if not state.members.rows[name.encode()].gone
    ]


def to_be_set(by: str, found: Iterable[Grade]) -> list[CreditSet]:
    """What `by` says of each other member whose grade or quota is not what the ledger has."""
    return [
        CreditSet(by, one.member, one.grade, one.quota, one.height) for one in found if one.differs and one.member != by
    ]
