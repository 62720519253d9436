"""Values of strangers: each has its limits."""

import pytest

from tallyward.custody import fields
from tallyward.custody.codec import Item, MalformedError
from tallyward.custody.fields import Part, Reader
from tests.custody.chain import RULES


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", "a\x1b[0m", "\u202e", 7, None])
def test_names_can_not_play_tricks(name: Item) -> None:
    with pytest.raises(MalformedError, match="name"):
        fields.text(name)


@pytest.mark.parametrize(
    ("reader", "item"),
    [
        (fields.whole, "7"),
        (fields.whole, True),
        (fields.whole, -1),
        (fields.whole, 1 << 63),
        (fields.data, "text"),
        (fields.digest, bytes(31)),
        (fields.digest_or_none, b""),
        (fields.listed, b""),
        (fields.parts, []),
        (fields.parts, [["LOT", 0, 5]]),
        (fields.parts, [["LOT", 0, 5, "1"]]),
        (fields.member, ["OP", "operator", "Operator"]),
        (fields.member, ["OP", "operator", "Operator", [[bytes(3), 1]]]),
        (fields.rules, ["r", [["operator"]], [], 1, 1]),
        (fields.rules, ["r", [["operator"]], [], 1, 1, [], [], 0, 1, 0, [1] * 6, 0]),
        (fields.rules, ["r", [], [], 1, 1, [], [], 0, 1, 0, [1] * 5, 0]),
        (fields.stock, [["LOT", "5"]]),
    ],
)
def test_other_values_are_refused(reader: Reader, item: Item) -> None:
    with pytest.raises(MalformedError):
        reader(item)


def test_values_are_read() -> None:
    assert fields.parts([["LOT", 0, 5, 1]]) == (Part("LOT", 0, 5, 1),)
    full = RULES._replace(binding=("maker",), device_pairs=(("maker", "unit"),), quotas=(6, 5, 4, 3, 2, 1), since=9)
    row: Item = [_listed(value) for value in full]
    assert fields.rules(row) == full


def _listed(value: object) -> Item:
    if isinstance(value, tuple):
        return [_listed(one) for one in value]
    return int(value) if isinstance(value, int) else value  # type: ignore[return-value]
