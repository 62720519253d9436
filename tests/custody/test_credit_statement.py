"""A signed statement says what the credit is, to whoever has the key, and nothing that was touched does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.custody.credit import Credit, Lost, Reason
from tallyward.custody.credit_statement import MOST_ENTRIES, MOST_REASONS, StatedReason, sign, stated, verify
from tallyward.custody.credit_terms import TERMS
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, NOW, public

REASONS = tuple(Reason(f"factor{at}", at - 9, tuple(Lost(one, 1) for one in range(9 - at))) for at in range(12))
CREDIT = Credit("SHOP", 77, NOW, 540, 480, 600, "D", 5000, REASONS, None)
ONE = stated(CREDIT, b"l" * 16, b"r" * 32, TERMS, NOW, NOW + 60)
SIGNED = sign(ONE, KEYS["log"])


def refusal(data: bytes, key: str = "log", now: int = NOW) -> str:
    with pytest.raises(TallywardError) as caught:
        verify(data, [public(key)], now)
    return caught.value.code


def test_it_comes_back_as_it_was_signed() -> None:
    assert verify(SIGNED, [public("op"), public("log")], NOW + 59) == ONE
    assert len(SIGNED) < 600


def test_it_names_height_terms_and_the_gravest_reasons_with_entries() -> None:
    assert (ONE.size, ONE.root, ONE.terms) == (77, b"r" * 32, TERMS.digest)
    assert [one.code for one in ONE.reasons] == [f"factor{at}" for at in range(MOST_REASONS)]
    assert ONE.reasons[0] == StatedReason("factor0", 9, tuple(range(MOST_ENTRIES)))


def test_a_proof_that_caps_the_score_stands_first() -> None:
    capped = Credit("SHOP", 77, NOW, 300, 200, 300, "E", 0, REASONS, 12)
    assert stated(capped, b"l" * 16, b"r" * 32, TERMS, NOW, NOW + 60).reasons[0] == StatedReason("capped", 0, (12,))


def test_another_key_or_time_is_refused() -> None:
    assert refusal(SIGNED, "op") == "custody.statement_invalid"
    assert refusal(SIGNED, now=NOW + 60) == refusal(SIGNED, now=NOW - 1) == "custody.statement_expired"


@settings(deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_octet_can_change(at: int, by: int) -> None:
    changed = bytearray(SIGNED)
    changed[at] ^= by
    assert refusal(bytes(changed)) == "custody.statement_invalid"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_anything_else_is_refused(data: bytes) -> None:
    assert refusal(data) == "custody.statement_invalid"


def test_what_is_too_long_or_does_not_fit_together_is_refused() -> None:
    assert refusal(SIGNED + bytes(9000)) == "custody.statement_invalid"
    wrong = stated(Credit("SHOP", 77, NOW, 540, 550, 600, "D", 1, (), None), b"l" * 16, bytes(32), TERMS, NOW, NOW + 9)
    assert refusal(sign(wrong, KEYS["log"])) == "custody.statement_invalid"
