from collections.abc import Callable

import pytest

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_file import Header, Spans, begins_record, is_cdr, read_header, read_spans
from tallyward.records.decode.issues import RefusalError
from tests.records.decode.cdr_writer import KIND, leaf, node, pgw, record, with_headers

ONE, OTHER = pgw(), pgw(apn="other.apn", volumes=[(1, 1)] * 9)
SHORT = record(KIND["MOCallRecord"], leaf(1, b"\x64\0\x21"))


def spans(data: bytes, most: int = 1000) -> list[Spans]:
    return list(read_spans(Walk(data), most))


def refusal(data: bytes) -> RefusalError:
    with pytest.raises(RefusalError) as error:
        spans(data)
    return error.value


def pieces(data: bytes, found: Spans) -> list[bytes]:
    return [data[at:end] for at, end in zip(found.at, found.end, strict=True)]


def test_records_stand_one_after_the_other() -> None:
    data = ONE + SHORT + OTHER
    (found,) = spans(data)
    assert pieces(data, found) == [ONE, SHORT, OTHER]
    assert [data[at - 1] for at in found.content] == [len(ONE) - 4, len(SHORT) - 2, (len(OTHER) - 5) & 0xFF]
    assert found.first == 1


def test_they_come_in_parts_that_count_on() -> None:
    parts = spans(ONE * 7, most=3)
    assert [(part.first, len(part.at)) for part in parts] == [(1, 3), (4, 3), (7, 1)]


def test_an_indefinite_length_ends_where_its_marks_stand() -> None:
    endless = record(KIND["PGWRecord"], leaf(3, b"\x64\0\x21"), indefinite=True)
    (found,) = spans(endless + ONE)
    assert list(found.at) == [0, len(endless)]
    assert found.end[0] == len(endless) - 2


@pytest.mark.parametrize("release", [4, 5, 7, 10])
@pytest.mark.parametrize("filled", [b"", b"filter and more"])
def test_headers_of_all_releases_are_stepped_over(release: int, filled: bytes) -> None:
    data = with_headers([ONE, SHORT, OTHER], release=release, routeing_filter=filled, private=filled[:3])
    (found,) = spans(data)
    assert pieces(data, found) == [ONE, SHORT, OTHER]
    assert found.faults == []
    assert is_cdr(data)
    header = read_header(data)
    assert header is not None
    assert (header.file_length, header.records) == (len(data), 3)


def test_figures_that_are_not_told_are_not_held_against_a_file() -> None:
    data = with_headers([ONE], count=0xFFFFFFFF, length=0xFFFFFFFF)
    assert len(spans(data)[0].at) == 1
    assert read_header(data) == Header(0xFFFFFFFF, 52, 0xFFFFFFFF)
    assert spans(with_headers([])) == []


def test_a_record_that_is_not_what_its_header_says_is_a_fault_of_that_record() -> None:
    longer = with_headers([ONE + b"\0\0", ONE])
    (found,) = spans(longer)
    assert [(fault.row, fault.code) for fault in found.faults] == [(0, "records.cdr_record_length")]
    assert longer[found.at[1] : found.end[1]] == ONE
    (found,) = spans(with_headers([ONE[:-1], ONE]))
    assert [(fault.row, fault.code) for fault in found.faults] == [(0, "records.ber_length")]
    (found,) = spans(with_headers([ONE], record_format=2))
    assert [fault.code for fault in found.faults] == ["records.cdr_encoding"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ONE + b"\x61\x02\0\0", "records.cdr_structure"),
        (ONE + b"\0" * 20, "records.ber_stray_end"),
        (ONE[:-1], "records.ber_length"),
        (ONE + ONE[:3], "records.ber_truncated"),
        (b"\x61" + ONE, "records.ber_length"),
        (b"\x30\x03\x02\x01\x05", "records.cdr_structure"),
        (with_headers([ONE])[:-1], "records.cdr_file_length"),
        (with_headers([ONE]) + b"\0", "records.cdr_file_length"),
        (with_headers([ONE, ONE], count=3), "records.cdr_count"),
        (with_headers([ONE], record_lengths=[len(ONE) + 1]), "records.cdr_record_length"),
        (with_headers([ONE], length=0xFFFFFFFF) + b"\0\5", "records.ber_truncated"),
    ],
)
def test_a_file_whose_next_record_has_no_place_is_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


LONG = record(KIND["PGWRecord"], leaf(18, "n" * 70_000))


@pytest.mark.parametrize("make", [lambda: SHORT, lambda: ONE, lambda: OTHER, lambda: LONG])
def test_a_beginning_is_told_by_tag_length_and_type(make: Callable[[], bytes]) -> None:
    assert begins_record(make()[:16])
    assert is_cdr(make())


@pytest.mark.parametrize(
    "head",
    [b"", b"\xbf", b"\xbf\x4f", ONE[:6], node(79, leaf(0, 84)), node(76, leaf(0, 76)), node(79, leaf(3, b"\1")),
     b"imsi,msisdn\n", bytes(100), bytes([0, 0, 0, 200, 0, 0, 0, 52]) + bytes(60), with_headers([]), b"\xa0\x85"],
)  # fmt: skip
def test_other_things_do_not_begin_like_records(head: bytes) -> None:
    assert not is_cdr(head)


def test_usual_records_behind_headers_are_found_as_others_are() -> None:
    """The way for usual records and the one for all others give the same places."""
    records = [ONE, SHORT, OTHER, ONE] * 3
    for release in (4, 9):
        data = with_headers(records, release=release)
        (found,) = spans(data)
        assert pieces(data, found) == records
        assert [data[at:end] for at, end in zip(found.content, found.end, strict=True)] == [
            one[spans(one)[0].content[0] :] for one in records
        ]


def test_a_file_of_records_too_short_to_be_any_is_not_read_to_its_end() -> None:
    assert refusal(b"\xa0\0" * 400_000).code == "records.ber_too_many"
    assert refusal(with_headers([b"\xa0\0"] * 200_000)).code == "records.ber_too_many"
