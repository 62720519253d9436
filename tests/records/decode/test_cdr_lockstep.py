import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_kinds import UP_DOWN, Field
from tallyward.records.decode.cdr_lockstep import Octets, add_amounts, tag_table, unsigned, walk_together
from tests.records.decode.cdr_writer import KIND, leaf, length_octets, node, pgw, sequence, traffic

PGW = KIND["PGWRecord"]
TABLE = tag_table(PGW.fields())
UP, DOWN = UP_DOWN[Field.VOLUMES]


def places(contents: list[bytes]) -> tuple[Octets, np.ndarray, np.ndarray]:
    ends = np.cumsum([len(one) for one in contents]).astype(np.int64)
    return Octets(b"".join(contents)), ends - np.array([len(one) for one in contents]), ends


def content(record: bytes) -> bytes:
    element = Walk(record).element(0, len(record))
    return record[element.start : element.end]


def test_fields_stand_where_a_plain_walk_finds_them() -> None:
    records = [
        content(pgw(duration=place * 50, apn="a" * (place + 1), volumes=[(1, 2)] * (place % 9))) for place in range(60)
    ]
    octets, start, end = places(records)
    found = walk_together(octets, start, end, TABLE)
    assert found.whole.all()
    data = b"".join(records)
    for row in range(len(records)):
        walk = Walk(data[: end[row]])
        at, plain = int(start[row]), {}
        while at < end[row]:
            element = walk.element(at, int(end[row]))
            plain[PGW.fields().get(element.tag)] = (element.start, element.end - element.start)
            at = element.after
        for field in set(PGW.fields().values()):
            said = plain.get(field, (0, 0))
            assert (found.start[field, row], found.length[field, row]) == said


@pytest.mark.parametrize(
    "odd",
    [
        leaf(14, 1) + leaf(14, 2),  # a field twice
        node(14, leaf(0, 1)),  # a primitive field constructed
        leaf(12, b"\1"),  # a constructed field primitive
        b"\xac\x80\0\0",  # an indefinite length
        b"\x85\x83\0\0\1\1",  # a length in three octets
        leaf(5_000, b""),  # a tag of three octets
        b"\0\0",  # end of contents
        b"\x20\0",
        b"\x1f\0\0",
        b"\x9f\x0e\1\1",  # a short tag written long
        b"\x85\x7f",  # a length that leads out
        b"\x85",
        leaf(5, 1) * 100,  # more elements than records have
    ],
)
def test_what_is_rare_is_left_to_the_plain_walk(odd: bytes) -> None:
    octets, start, end = places([leaf(0, 85), odd, *[leaf(0, 85) + leaf(14, 5)] * 20])
    start, end = np.delete(start, 1), np.delete(end, 0)
    found = walk_together(octets, start, end, TABLE)
    assert not found.whole[0]
    assert found.whole[1:].all()


def test_a_record_without_content_is_whole() -> None:
    found = walk_together(Octets(b"ab"), np.array([1]), np.array([1]), TABLE)
    assert found.whole.all()


def test_long_lengths_and_tags_are_stepped_over() -> None:
    one = leaf(5, b"x" * 200) + leaf(70, b"y" * 300) + leaf(14, 77)
    octets, start, end = places([one] * 10)
    found = walk_together(octets, start, end, TABLE)
    assert found.whole.all()
    assert unsigned(octets, found.start[Field.DURATION], found.length[Field.DURATION])[0].tolist() == [77] * 10


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 2**46), st.integers(0, 2**46)), max_size=5), min_size=8, max_size=30))
def test_sums_are_those_of_the_containers(records: list[list[tuple[int, int]]]) -> None:
    octets, start, end = places([b"".join(traffic(*one)) for one in records])
    sums = add_amounts(octets, start, end - start, UP, DOWN)
    for row in range(len(records)):
        assert (sums.up[row], sums.down[row]) == tuple(sum(pair) for pair in zip((0, 0), *records[row], strict=True))
    assert sums.whole.all()


@pytest.mark.parametrize(
    "odd",
    [
        sequence(leaf(3, -1)),
        sequence(leaf(3, b"")),
        sequence(leaf(3, b"\1" * 7)),
        sequence(node(3, leaf(0, 1))),
        sequence(b"\x83\x05\1"),
        leaf(3, 1),
        b"\x30\x80" + leaf(3, 1) + b"\0\0",
        b"\x30\x05" + leaf(3, 1),
        sequence() * 500,
        b"\x30" + length_octets(2) + b"\0\0",
    ],
)
def test_amounts_in_an_unusual_form_are_left_to_the_plain_walk(odd: bytes) -> None:
    octets, start, end = places([odd, *[sequence(leaf(3, 1), leaf(4, 2))] * 10])
    sums = add_amounts(octets, start, end - start, UP, DOWN)
    assert not sums.whole[0]
    assert sums.whole[1:].all()
    assert sums.up[1:].tolist() == [1] * 10


def test_whole_numbers_are_unsigned_here() -> None:
    octets = Octets(b"\x7f\x00\xff\xff\x12\x34\x56")
    at, length = np.array([0, 1, 3, 4, 0, 0]), np.array([1, 2, 1, 3, 0, 9])
    value, plain = unsigned(octets, at, length)
    assert value[[0, 1, 3]].tolist() == [0x7F, 0xFF, 0x123456]
    assert plain.tolist() == [True, True, False, True, False, False]


def test_the_table_marks_the_wrong_form() -> None:
    assert TABLE[0x83] == Field.IMSI
    assert TABLE[0xAC] == Field.VOLUMES
    assert TABLE[0x8C] == TABLE[0xA3] == 255
    assert TABLE[0x9F | 32 << 8] == Field.PLACE
    assert TABLE[0xBF | 34 << 8] == Field.SERVICES
    assert TABLE[0x84] == 0
