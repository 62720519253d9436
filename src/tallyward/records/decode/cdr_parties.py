"""Whom records name as the other side, and what they say was used, over many records. Pure.

As `cdr_values`: what is not usual is marked and left to `cdr_record`.
"""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.records.decode.cdr_kinds import Field, Kind
from tallyward.records.decode.cdr_lockstep import I64, U64, Mask, Octets
from tallyward.records.decode.cdr_values import MOST_DIGITS, NO_PRESENTATION, Values
from tallyward.records.decode.octet_strings import apn_peer
from tallyward.records.schema import TAG_SHIFT, PeerTag, Service

_LONGEST_APN: Final = 100
_LEAST_DIGITS: Final = 3
_APN: Final = np.uint64(int(PeerTag.APN) << TAG_SHIFT)
_NUMBER: Final = np.uint64(int(PeerTag.NUMBER) << TAG_SHIFT)
_ALPHANUMERIC: Final = 0x50
_TYPE: Final = 0x70
_BEARER, _TELESERVICE = 0x82, 0x83
_SHORT_MESSAGES: Final = 2


def services(values: Values, kind: Kind) -> NDArray[np.uint8]:
    """What was used: that of the kind, but for calls that carried data or a short message."""
    start, length, there = values.there(Field.BASIC_SERVICE)
    found = np.full(len(start), int(kind.service), np.uint8)
    if there.any():
        octets = values.octets.octets
        tag, size, code = octets[start], octets[start + 1], octets[start + 2]
        tele, bearer = there & (tag == _TELESERVICE), there & (tag == _BEARER)
        values.sure &= ~there | ((length == 3) & (size == 1) & (tele | bearer))  # noqa: PLR2004
        message = tele & (code >> 4 == _SHORT_MESSAGES)
        found[tele] = int(Service.VOICE)
        found[message] = int(Service.SMS)
        found[bearer] = int(Service.DATA)
    return found


def peers(values: Values, service: NDArray[np.uint8]) -> tuple[U64, pa.DictionaryArray]:
    """(code, word) of the other side: the access point of data, else a number."""
    named = values.there(Field.APN)[2] & (service == int(Service.DATA))
    codes = np.where(named, _APN, np.uint64(0))
    start, length, _ = values.there(Field.APN)
    words = access_points(values.octets, start, length, named, values.sure)
    start, length, there = values.there(Field.NUMBER)
    for_number = there & ~named
    if for_number.any():
        skip = np.where(values.octets.octets[start] >= NO_PRESENTATION, 1, 2)
        _note(values, codes, for_number, start + skip, length - skip)
    at, size, has_address = values.there(Field.SMS_ADDRESS)
    for_message = has_address & ~there & ~named
    if for_message.any():
        octets = values.octets.octets
        values.sure &= ~for_message | ((size > 2) & (octets[at + 1] & _TYPE != _ALPHANUMERIC))  # noqa: PLR2004
        count = _note(values, codes, for_message, at + 2, size - 2)
        values.sure &= ~for_message | (count == octets[at])
    return codes, words


def _note(values: Values, codes: U64, rows: Mask, start: I64, length: I64) -> I64:
    """Fill in the codes of numbers; gives how many digits each has."""
    value, count = values.tbcd(start, length)
    values.sure &= ~rows | ((count >= _LEAST_DIGITS) & (count <= MOST_DIGITS))
    codes[rows] = value[rows] | _NUMBER
    return count


def access_points(octets: Octets, start: I64, length: I64, named: Mask, sure: Mask) -> pa.DictionaryArray:
    """Access point names as words, null where `named` is not; marks in `sure` what is none."""
    texts: list[str] = []
    places = np.full(len(start), -1, np.int32)
    for size in np.unique(length[named]):
        rows = np.flatnonzero(named & (length == size))
        if not 1 <= size <= _LONGEST_APN:
            sure[rows] = False
            continue
        found = octets.octets[start[rows][:, None] + np.arange(size)]
        kind = pa.binary(int(size))
        coded = pa.FixedSizeBinaryArray.from_buffers(kind, len(rows), [None, pa.py_buffer(found)])
        coded = coded.dictionary_encode()
        words = [_apn_word(value) for value in coded.dictionary.to_pylist()]
        at = coded.indices.to_numpy().astype(np.int64)
        sure[rows] &= np.array([word is not None for word in words], np.bool_)[at]
        places[rows] = at + len(texts)
        texts += [word or "" for word in words]
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(texts, pa.string()))


def _apn_word(value: bytes) -> str | None:
    peer = apn_peer(value.decode("ascii")) if value.isascii() else None
    return peer[1] if peer else None
