import numpy as np

from tallyward.kernel.identities import iccid, imei, imsi, luhn_digit, msisdn
from tallyward.simulate.numbering import iccids, imeis, imsis, luhn_digits, msisdns, unlisted_imeis

SOME = np.array([1, 2, 3, 4, 5, 999, 20_000, 1_000_000, 9_999_999], dtype=np.int64)


def test_luhn_digits_are_those_of_the_kernel() -> None:
    bodies = np.array([0, 49015420323751, 86012305000001, 99999999999999], dtype=np.int64)
    assert luhn_digits(bodies, 14).tolist() == [luhn_digit(f"{body:014}") for body in bodies.tolist()]


def test_numbers_pass_the_kernels_checks() -> None:
    for text in iccids(SOME):
        assert iccid(text) == text
        assert len(text) == 20
    for number in (
        *imeis(SOME).tolist(),
        *unlisted_imeis(SOME).tolist(),
        *unlisted_imeis(SOME + 6_000_000_000).tolist(),
    ):
        assert imei(str(number))
    assert all(imsi(str(number)).startswith("460") and number > 10**14 for number in imsis(SOME).tolist())
    assert all(msisdn(str(number)).startswith("861064") and len(str(number)) == 15 for number in msisdns(SOME).tolist())


def test_numbers_are_all_different() -> None:
    cards = np.arange(1, 300_001, dtype=np.int64)
    assert len(set(iccids(cards))) == len(cards)
    assert len(np.unique(np.concatenate([imeis(cards), unlisted_imeis(cards)]))) == 2 * len(cards)


def test_two_of_five_iccids_carry_a_letter() -> None:
    lettered = [text for text in iccids(np.arange(1, 1001, dtype=np.int64)) if not text.isdigit()]
    assert len(lettered) == 400
