from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.identities import iccid, imei, imsi, luhn_digit, msisdn


def test_luhn_against_published_numbers() -> None:
    assert luhn_digit("49015420323751") == 8  # IMEI of 3GPP TS 23.003's usual example
    assert luhn_digit("7992739871") == 3  # ISO/IEC 7812-1's usual example


@given(st.text("0123456789", min_size=14, max_size=18), st.integers(0, 13), st.integers(1, 9))
def test_luhn_sees_every_single_wrong_digit(body: str, place: int, shift: int) -> None:
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert luhn_digit(body) != luhn_digit(wrong)


def test_an_iccid_of_digits_carries_its_check_digit() -> None:
    body = "898600" + "1234567890123"
    assert iccid(f" {body}{luhn_digit(body)} ") == body + str(luhn_digit(body))
    with pytest.raises(InvalidError) as refusal:
        iccid(body + str((luhn_digit(body) + 1) % 10))
    assert refusal.value.code == "kernel.iccid_check_digit"


def test_an_iccid_of_an_iot_card_may_carry_letters() -> None:
    assert iccid("898604a1192070123457") == "898604A1192070123457"


REFUSED: list[tuple[Callable[[str], str], str, str]] = [
    (iccid, "8860012345678901234", "kernel.iccid_form"),
    (iccid, "898600", "kernel.iccid_form"),
    (iccid, "89860012345678901é34", "kernel.iccid_form"),
    (iccid, "8986001234567890123X", "kernel.iccid_form"),
    (imsi, "46000", "kernel.imsi_form"),
    (imsi, "46000123456789x", "kernel.imsi_form"),
    (imsi, "٤٦٠٠٠١٢٣٤٥", "kernel.imsi_form"),
    (msisdn, "014412345678", "kernel.msisdn_form"),
    (msisdn, "", "kernel.msisdn_form"),
    (imei, "49015420323751", "kernel.imei_form"),
    (imei, "490154203237519", "kernel.imei_check_digit"),
]


@pytest.mark.parametrize(("check", "text", "code"), REFUSED)
def test_a_number_of_another_form_is_refused_by_code(check: Callable[[str], str], text: str, code: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        check(text)
    assert refusal.value.code == code


def test_good_numbers_come_back_clean() -> None:
    assert imsi("460001234567890 ") == "460001234567890"
    assert msisdn("+8614412345678") == "8614412345678"
    assert imei("490154203237518") == "490154203237518"


@given(st.text(max_size=200))
def test_no_text_breaks_a_check(text: str) -> None:
    for check in (iccid, imsi, msisdn, imei):
        try:
            check(text)
        except InvalidError as refusal:
            assert len(refusal.sentence("en")) < 300
