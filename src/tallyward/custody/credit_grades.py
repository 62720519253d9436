"""Grades that are to be set on the ledger, where they bound what a member may be offered (CREDIT_SET). Pure."""

from collections.abc import Mapping

from tallyward.custody.credit import Credit
from tallyward.custody.credit_factors import FactorBook
from tallyward.custody.reports import CreditSet


def to_be_set(book: FactorBook, by: str, found: Mapping[str, Credit]) -> list[CreditSet]:
    """What `by` says of each other member whose grade or quota is not what the ledger has; by member.

    `found`: credit at the book's height, see `credit.credit_of_all`.
    """
    state = book.machine.state
    said = []
    for name in sorted(found):
        one, row = found[name], state.credit.get(name.encode())
        if name == by or state.members.rows[name.encode()].gone:
            continue
        if row is None or (row.grade, row.quota) != (one.grade, one.quota):
            said.append(CreditSet(by, name, one.grade, one.quota, state.height))
    return said
