import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.decode import ber_walk
from tallyward.records.decode.ber_walk import MOST_DEPTH, Element, Walk, application, digits, integer, text
from tallyward.records.decode.issues import RefusalError
from tallyward.records.decode.tap3_tags import Tag
from tests.records.decode.tap_writer import leaf, node


def refusal_of(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(RefusalError) as refusal:
        visit(data)
    return refusal.value.code, refusal.value.issue.offset


def visit(data: bytes) -> int:
    """Walk all of it; how many elements there are."""
    walk = Walk(data)

    def below(element: Element, depth: int) -> int:
        inside = walk.children(element, depth) if element.constructed else ()
        return 1 + sum(below(child, depth + 1) for child in inside)

    return below(walk.element(0, len(data)), 0)


@given(st.integers(0, 2**21 - 1), st.binary(max_size=300))
def test_tags_and_lengths_of_all_forms_are_read(number: int, content: bytes) -> None:
    data = leaf(number, content)  # type: ignore[arg-type] # any number, not only those of TAP
    element = Walk(data).element(0, len(data))
    assert (element.tag, element.constructed) == (application(number), False)
    assert data[element.start : element.end] == content
    assert element.after == len(data)


def test_indefinite_lengths_end_where_their_octets_stand() -> None:
    inner = node(Tag.Destination, leaf(Tag.CalledNumber, b"\x12\x34"), indefinite=True)
    data = node(Tag.GprsCall, inner, leaf(Tag.CellId, 7), indefinite=True)
    walk = Walk(data)
    outer = walk.element(0, len(data))
    assert outer.after == len(data)
    assert [child.tag for child in walk.children(outer, 0)] == [Tag.Destination, Tag.CellId]
    assert visit(data) == 4


@pytest.mark.parametrize(
    ("data", "code", "offset"),
    [
        (b"", "records.ber_truncated", 0),
        (b"\x61", "records.ber_truncated", 0),
        (b"\x7f\x81", "records.ber_truncated", 0),
        (b"\x61\x82\x01", "records.ber_truncated", 0),
        (b"\x61\x05\x41\x01", "records.ber_length", 0),
        (b"\x61\x03\x41\x05x", "records.ber_length", 2),
        (b"\x61\x89" + b"\1" * 9, "records.ber_length", 0),
        (b"\x61\xff" + b"\1" * 127, "records.ber_length", 0),
        (b"\x61\x88" + b"\xff" * 8, "records.ber_length", 0),
        (b"\x7f\xff\xff\xff\xff\xff\x01\x00", "records.ber_tag", 0),
        (b"\x41\x80\x00\x00", "records.ber_length", 0),
        (b"\x61\x80\x41\x01x", "records.ber_truncated", 5),
        (b"\x61\x80\x41\x01x\x00", "records.ber_stray_end", 5),
        (b"\x61\x02\x00\x00", "records.ber_stray_end", 2),
        (b"\x00\x00", "records.ber_stray_end", 0),
    ],
)
def test_broken_structures_are_refused_with_their_place(data: bytes, code: str, offset: int) -> None:
    assert refusal_of(data) == (code, offset)


def test_depth_is_bounded_for_both_forms_of_length() -> None:
    definite, indefinite = b"", b""
    for _ in range(MOST_DEPTH + 5):
        definite = node(Tag.Destination, definite)
        indefinite = node(Tag.Destination, indefinite, indefinite=True)
    assert refusal_of(definite)[0] == "records.ber_too_deep"
    assert refusal_of(indefinite)[0] == "records.ber_too_deep"
    assert refusal_of(b"\x61\x80" * 200_000)[0] == "records.ber_too_deep"


def test_the_number_of_elements_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ber_walk, "MOST_ELEMENTS", 100)
    assert visit(node(Tag.Destination, leaf(Tag.CellId, b"") * 99)) == 100
    assert refusal_of(node(Tag.Destination, leaf(Tag.CellId, b"") * 100))[0] == "records.ber_too_many"


def whole(data: bytes, *, constructed: bool = False) -> Element:
    return Element(0, 1, constructed, 0, len(data), len(data))


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_are_signed(value: int) -> None:
    data = value.to_bytes(8, "big", signed=True)
    assert integer(data, whole(data)) == value


def test_values_that_are_none() -> None:
    assert integer(b"", whole(b"")) is None
    assert integer(bytes(9), whole(bytes(9))) is None
    assert integer(b"\1", whole(b"\1", constructed=True)) is None
    assert text(b"a\n", whole(b"a\n")) is None
    assert text("é".encode(), whole("é".encode())) is None
    assert text(b"abc", whole(b"abc")) == "abc"
    assert digits(b"\x13\x37\x1f", whole(b"\x13\x37\x1f")) == "13371"
    assert digits(b"\xff", whole(b"\xff")) is None
    assert digits(b"\x1a", whole(b"\x1a")) is None
    assert digits(b"\xf1", whole(b"\xf1")) is None
