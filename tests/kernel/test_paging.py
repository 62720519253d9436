import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.paging import PageRequest, decode_cursor, encode_cursor


@given(st.text(max_size=40), st.integers())
def test_a_cursor_gives_its_key_back(name: str, number: int) -> None:
    assert decode_cursor(encode_cursor((name, number)), str, int) == (name, number)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_by_code(text: str) -> None:
    try:
        key = decode_cursor(text, int, int)
    except InvalidError as refusal:
        assert refusal.code == "kernel.cursor"
    else:
        assert [type(part) for part in key] == [int, int]


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidError):
        decode_cursor(encode_cursor(("a", 1)), int, int)
    with pytest.raises(InvalidError):
        decode_cursor(encode_cursor((True, 1)), int, int)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_a_size(limit: int) -> None:
    with pytest.raises(InvalidError) as refusal:
        PageRequest(limit=limit)
    assert refusal.value.code == "kernel.page_limit"
