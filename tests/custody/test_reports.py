"""What is said without moving a card."""

from tallyward.custody import reports
from tallyward.custody.transactions import Kind, Transaction


def test_the_kinds_of_reports() -> None:
    forms = [
        one
        for one in vars(reports).values()
        if isinstance(one, type) and issubclass(one, Transaction) and one.__module__ == reports.__name__
    ]
    assert {one.kind for one in forms} == {
        Kind.ORDER_SUSPEND,
        Kind.STOCK_REPORT,
        Kind.INCIDENT,
        Kind.KEY_DESTROYED,
        Kind.CREDIT_SET,
    }
