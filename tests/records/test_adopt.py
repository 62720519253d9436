from typing import Any

import pyarrow as pa
import pytest

from tallyward.records.adopt import adopt
from tallyward.records.decode.issues import RefusalError
from tallyward.records.peers import tagged
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, USAGE, PeerTag, Quality, SubscriberTag
from tallyward.records.words import WordKind, Words
from tests.records.making import usage_rows


def no_words(*_: object) -> list[Any]:
    return []


def rows_with(**changed: int) -> pa.Table:
    rows = usage_rows(4)
    for name, value in changed.items():
        field = USAGE.field(name)
        rows = rows.set_column(USAGE.get_field_index(name), field, pa.array([value] * 4, field.type))
    return rows


def test_the_intake_is_set_and_what_is_unknown_is_flagged() -> None:
    words = Words(no_words)
    words.ids(WordKind.CELL, ["460-00-1-1"])
    stranger = (SubscriberTag.IMSI << TAG_SHIFT) | 1234567
    found = adopt(rows_with(card_id=0, stranger=stranger, cell=UNKNOWN_CELL_BASE, src=99, quality=4), words, 12)
    assert set(found["src"].to_pylist()) == {12}
    assert set(found["quality"].to_pylist()) == {Quality.SATURATED | Quality.UNKNOWN_CARD | Quality.UNKNOWN_CELL}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("peer", tagged(PeerTag.APN, 1)),
        ("peer", tagged(PeerTag.IPV6, 7)),
        ("peer", tagged(PeerTag.APN, 0)),
        ("stranger", (SubscriberTag.ICCID << TAG_SHIFT) | 3),
        ("cell", UNKNOWN_CELL_BASE),
    ],
)
def test_an_id_of_no_dictionary_is_refused(field: str, value: int) -> None:
    with pytest.raises(RefusalError) as refusal:
        adopt(rows_with(**{field: value}), Words(no_words), 1)
    assert (refusal.value.code, refusal.value.issue.field) == ("records.usage_word", field)
