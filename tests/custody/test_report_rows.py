"""Rows are what is encoded for the root: whole numbers, bytes, text and tuples of them."""

from tallyward.custody.codec import decode, encode
from tallyward.custody.fields import Rules
from tallyward.custody.report_rows import GRADES, NOBODY, OrderRow
from tallyward.custody.transactions import PERSON


def test_there_is_a_quota_for_each_grade_and_for_none() -> None:
    assert len(Rules("r", (), (), 1, 1).quotas) == len(GRADES) + 1


def test_nobody_is_as_long_as_a_person() -> None:
    assert len(NOBODY) == PERSON


def test_a_row_can_be_encoded() -> None:
    row = OrderRow("REG", "OP", 1, 2, 3, ((0, 1, 2),), 0)
    assert decode(encode([[list(part) for part in one] if isinstance(one, tuple) else one for one in row]))
