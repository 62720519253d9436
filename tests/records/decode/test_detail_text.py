import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.decode.detail_text import Record, _by_line, detail_records
from tests.records.decode.detail_writer import record

USED = frozenset({"acct-session-id", "user-name", "class"})


def shown(one: Record) -> tuple[object, ...]:
    return one.line, one.at, one.whole, one.attributes


def test_attributes_in_use_are_kept_by_name_the_first_of_each() -> None:
    text = record() + record(Acct_Session_Id="7", **{"CLASS": '"a\\"b\\101\\n"', "class": "second", "Other": "1"})
    one, two = detail_records(text.encode(), USED)
    assert one.attributes == {"acct-session-id": "5F00A1", "user-name": "meter@example"}
    assert two.attributes == {"acct-session-id": "7", "user-name": "meter@example", "class": 'a"bA\n'}
    assert (two.line, two.at) == (record().count("\n") + 1, len(record()))


PARTS = st.sampled_from(
    [
        *(record(), record().replace("\n", "\r\n"), record(Class="0x41")[:-1], record(Class='"\\101\\""')),
        *(
            "\n",
            "\n\n\n",
            "\r\n",
            "  \n",
            "\t\n\n",
            "stray\n",
            "\tClass = x\n",
            "\tClass := 'x' \t \x1c\n\n",
            "no = line",
        ),
        *(
            "Sun Mar  1 08:01:05 2026\n",
            " Class += y\n\n",
            '\tClass = "é\x85"\xa0\n',
            "\tUser-Name = " + "z" * 5_000 + "\n",
        ),
        "".join(f"\tName-{number} = 1\n" for number in range(600)),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=7), st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=4))
def test_what_is_read_at_once_is_what_is_read_line_by_line(parts: list[str], changed: list[tuple[int, int]]) -> None:
    data = bytearray("".join(parts).encode())
    for place, octet in changed:
        if data:
            data[place % len(data)] = octet
    text = bytes(data)
    found, plain = list(detail_records(text, USED)), list(_by_line(text, 1, 0, USED))
    assert list(map(shown, found)) == list(map(shown, plain))
    assert all(text.startswith(one.sample, one.at) and one.sample for one in found)


@pytest.mark.parametrize("size", [4_095, 4_096, 4_097])
def test_a_record_of_any_length_is_read(size: int) -> None:
    bare = len(record(Class=""))
    text = record(Class="c" * (size - bare))
    assert len(text) == size
    (one,) = detail_records(text.encode(), USED)
    assert (one.whole, len(one.attributes["class"])) == (True, size - bare)
