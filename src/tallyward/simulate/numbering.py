"""Valid numbers of cards and terminals, whole columns at a time: IMEI, ICCID, IMSI, MSISDN."""

from typing import Final

import numpy as np

from tallyward.simulate.draws import I64

TACS: Final = (86012305, 86098704, 86154406, 86231905, 86377103, 86442006, 86508805, 86691204, 86733906, 86855003)
"""Type allocation codes, one a terminal model. Invented: 86 is the reporting body's code in use for Chinese makers."""
UNLISTED_TAC: Final = 86990001
"""Terminals that the registry does not hold: 86990001 and the codes after it."""

HOME_MCC: Final = 460
HOME_MNC: Final = 4
HOME_PLMN: Final = HOME_MCC * 1000 + HOME_MNC

_SERIALS: Final = 1_000_000
_ICCID_LETTERS: Final = np.frombuffer(b"ABCDEFGH", dtype=np.uint8)


def luhn_digits(bodies: I64, digits: int) -> I64:
    """The check digit (ISO/IEC 7812-1 annex B) of each number of `digits` digits."""
    total = np.zeros_like(bodies)
    rest = bodies.copy()
    for place in range(digits):
        digit = rest % 10
        rest //= 10
        if place % 2 == 0:
            digit *= 2
            digit -= 9 * (digit > 9)
        total += digit
    return -total % 10


def _with_check(bodies: I64) -> I64:
    return bodies * 10 + luhn_digits(bodies, 14)


def terminal_models(terminals: I64) -> I64:
    """Which of `TACS` each terminal, counted from 0, has."""
    return terminals % len(TACS)


def imeis(terminals: I64) -> I64:
    """The IMEI of each terminal of the registry, counted from 0; all different, below ten million terminals."""
    tacs = np.array(TACS, dtype=np.int64)[terminal_models(terminals)]
    return _with_check(tacs * _SERIALS + terminals // len(TACS))


def unlisted_imeis(devices: I64) -> I64:
    """IMEIs of devices that no registry holds, counted from 0: all different and none of `imeis`."""
    return _with_check((UNLISTED_TAC + devices // _SERIALS) * _SERIALS + devices % _SERIALS)


def imsis(cards: I64) -> I64:
    """15 digits: the home network's code, then the card's number, in numbers."""
    return (HOME_MCC * 100 + HOME_MNC) * 10_000_000_000 + 1_200_000_000 + cards


def msisdns(cards: I64) -> I64:
    """86 and a 13-digit number of the series for things (1064...)."""
    return 86_1064_000_000_000 + 800_000_000 + cards


def iccids(cards: I64) -> list[str]:
    """20 characters each: two of five carry a letter for their series, the others a Luhn digit at the end."""
    body = 8_986_042_400_000_000_000 + cards  # 19 digits: country, issuer, year, card
    text = np.char.mod("%d", body).astype("S19")
    check = (luhn_digits(body, 19) + 48).astype(np.uint8)
    glyphs = np.empty((len(cards), 20), dtype=np.uint8)
    glyphs[:, :19] = text.view(np.uint8).reshape(len(cards), 19)
    glyphs[:, 19] = check
    lettered = np.flatnonzero(cards % 5 < 2)
    glyphs[lettered, 8] = _ICCID_LETTERS[cards[lettered] % len(_ICCID_LETTERS)]
    return [str(value, "ascii") for value in glyphs.reshape(-1).view("S20").tolist()]
