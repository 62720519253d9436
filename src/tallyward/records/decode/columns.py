"""The columns of docs/mediation-csv.md, texts or typed, turned into observed rows: whole columns at a time.

A value that can't be read is a fault of its row; one row gives one fault, the first in column order. Texts are read
once for each different value where there are few of them (services, cells, peers, IMEIs).
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.records.decode.imei import IMEI_BODY, with_check_digit
from tallyward.records.decode.issues import MOST_KEPT
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.peers import read_peers
from tallyward.records.schema import Quality, Service

NUMBERS: Final = ("imsi", "msisdn", "iccid")
COLUMNS: Final = (
    *NUMBERS,
    *("service", "start_time", "duration", "imei", "peer", "bytes_up", "bytes_down", "cell", "plmn", "rat"),
)
RATS: Final = {
    "utran": 1,
    "geran": 2,
    "wlan": 3,
    "gan": 4,
    "hspa": 5,
    "eutran": 6,
    "virtual": 7,
    "nb-iot": 8,
    "lte-m": 9,
    "nr": 10,
}
"""Names for the RAT types of 3GPP TS 29.274 clause 8.17."""

_SERVICES: Final = {service.name.lower(): int(service) for service in Service}
_CELL: Final = r"[0-9]{3}-[0-9]{2,3}-[0-9]{1,5}-[0-9]{1,11}"
_PLMN: Final = re.compile(r"[0-9]{5,6}")
_ICCID: Final = "89[0-9]{2}[0-9A-Z]{14,15}[0-9]"
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_U32: Final = 0xFFFFFFFF
_LONGEST_NUMBER: Final = 15
_CODES: Final = {
    "imsi": "records.imsi",
    "msisdn": "records.msisdn",
    "iccid": "records.iccid",
    "service": "records.service",
    "peer": "records.peer",
    "cell": "records.cell",
    "plmn": "records.plmn",
    "rat": "records.rat",
}
_POWERS: Final = np.array([1, 10, 100], np.uint64)


class Fault(NamedTuple):
    """Row `row` can't be read because of `field`."""

    row: int
    code: str
    field: str
    value: str


class _Faults:
    def __init__(self, size: int) -> None:
        self.good: NDArray[np.bool_] = np.ones(size, np.bool_)
        self.found: list[Fault] = []

    def mark(self, bad: NDArray[np.bool_], code: str, field: str, values: pa.Array) -> None:
        fresh = bad & self.good
        for row in np.flatnonzero(fresh)[:MOST_KEPT]:
            value = values[int(row)].as_py()
            self.found.append(Fault(int(row), code, field, "" if value is None else str(value)))
        self.good &= ~bad


class Observed(NamedTuple):
    """`rows` that can be read; `faults` of the others by row, though of `refused` rows no more than are kept."""

    rows: pa.Table
    faults: list[Fault]
    refused: int


def observe(columns: dict[str, pa.Array]) -> Observed:
    """Observed rows of the columns (all of `COLUMNS`, equally long, null where empty)."""
    size = len(columns["service"])
    faults = _Faults(size)
    quality = np.zeros(size, np.uint16)
    imsi = _digits(columns["imsi"], "imsi", 6, faults)
    msisdn = _digits(columns["msisdn"], "msisdn", 7, faults)
    iccid = _words(columns["iccid"], "iccid", _ICCID, faults)
    found = {
        "imsi": imsi,
        "msisdn": msisdn,
        "iccid": iccid,
        "svc": _one_of(columns["service"], "service", _SERVICES.get, np.uint8, faults, required=True),
        "ts": _times(columns["start_time"], faults),
        "dur": _volume(columns["duration"], "duration", quality, faults),
        "imei": _imei(columns["imei"], faults),
        **_peer(columns["peer"], faults),
        "up": _volume(columns["bytes_up"], "bytes_up", quality, faults),
        "dn": _volume(columns["bytes_down"], "bytes_down", quality, faults),
        "cell": _words(columns["cell"], "cell", _CELL, faults),
        "plmn": _one_of(columns["plmn"], "plmn", plmn_number, np.uint32, faults),
        "rat": _one_of(columns["rat"], "rat", _rat, np.uint8, faults),
        "quality": quality,
    }
    nameless = (imsi == 0) & (msisdn == 0) & ~_valid(iccid)
    faults.mark(nameless, "records.no_subscriber", "imsi", pa.nulls(size, pa.string()))
    table = pa.table([found[field.name] for field in OBSERVED], schema=OBSERVED)
    if faults.found:
        table = table.filter(pa.array(faults.good))
    faults.found.sort()
    return Observed(table, faults.found[:MOST_KEPT], size - table.num_rows)


def plmn_number(text: str) -> int | None:
    """MCC*1000+MNC of 5 or 6 digits, or None."""
    return int(text[:3]) * 1000 + int(text[3:]) if _PLMN.fullmatch(text) else None


def moment(text: str) -> int | None:
    """UTC seconds of an ISO 8601 time with an offset; None where it is none or out of 1970 to 2106.

    Fractions of a second are dropped.
    """
    match = _TIME.fullmatch(text)
    if not match or not match[1]:
        return None
    try:
        found = int(datetime.fromisoformat(text).timestamp() // 1)
    except ValueError:
        return None
    return found if 0 < found <= _U32 else None


def _rat(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 3:  # noqa: PLR2004 - fits one octet
        return int(text) if int(text) <= 255 else None  # noqa: PLR2004
    return RATS.get(text)


def _valid(values: pa.Array) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = values.is_valid().to_numpy(zero_copy_only=False)
    return found


def _text(values: pa.Array) -> pa.Array:
    """As text without surrounding blanks; null where empty."""
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    return values


def _uint64(values: pa.Array, code: str, field: str, faults: _Faults) -> NDArray[np.uint64]:
    """Whole numbers of texts or integers; 0 where null or bad."""
    try:
        if pa.types.is_string(values.type) and pc.any(pc.match_substring(values, "x")).as_py():
            raise pa.ArrowInvalid  # noqa: TRY301 - Arrow reads hexadecimal numbers, the format has none
        numbers = values.cast(pa.uint64())
    except pa.ArrowInvalid:
        texts = _text(values)
        plain = pc.fill_null(pc.match_substring_regex(texts, "^[0-9]{1,18}$"), True)
        faults.mark(~plain.to_numpy(zero_copy_only=False), code, field, texts)
        numbers = pc.if_else(plain, texts, None).cast(pa.uint64())
    found: NDArray[np.uint64] = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False)
    return found


def _digits(values: pa.Array, field: str, least: int, faults: _Faults) -> NDArray[np.uint64]:
    """Subscriber numbers of `least` to 15 digits, a leading plus sign dropped."""
    if pa.types.is_string(values.type) and pc.any(pc.starts_with(values, "+")).as_py():
        values = pc.utf8_ltrim(values, "+")
    found = _uint64(values, _CODES[field], field, faults)
    if not pa.types.is_string(values.type):
        least -= 2  # numbers have lost the zeros that test networks begin with (MCC 001)
    size = pc.fill_null(pc.binary_length(_text(values)), 0).to_numpy(zero_copy_only=False)
    bad = (size > 0) & ((size < least) | (size > _LONGEST_NUMBER) | (found == 0))
    if bad.any():
        faults.mark(bad, _CODES[field], field, values)
    return found


def _volume(values: pa.Array, field: str, quality: NDArray[np.uint16], faults: _Faults) -> NDArray[np.uint32]:
    """Octets or seconds; what does not fit saturates and says so."""
    found = _uint64(values, "records.number", field, faults)
    over = found > _U32
    if over.any():
        quality[over] |= np.uint16(Quality.SATURATED)
        found = np.minimum(found, np.uint64(_U32))
    return found.astype(np.uint32)


def _encoded(values: pa.Array) -> tuple[pa.StringArray, NDArray[np.int64]]:
    """Different texts, trimmed, and for each row its place among them, -1 where null or empty."""
    coded = _text(values).dictionary_encode()
    places = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    texts = pc.ascii_trim_whitespace(coded.dictionary)
    blank = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    if blank.any():
        places[(places >= 0) & blank[places]] = -1
    return texts, places


def _one_of(
    values: pa.Array,
    field: str,
    read: Callable[[str], int | None],
    kind: type[np.unsignedinteger],
    faults: _Faults,
    *,
    required: bool = False,
) -> NDArray[np.unsignedinteger]:
    """Numbers of texts, read once for each different text; 0 where empty."""
    texts, places = _encoded(values)
    read_texts = [read(text.lower()) for text in texts.to_pylist()]
    _mark_bad(np.array([number is None for number in read_texts], np.bool_), places, field, values, faults)
    if required and (places < 0).any():
        faults.mark(places < 0, "records.missing", field, values)
    numbers = np.array([*(number or 0 for number in read_texts), 0], kind)
    return numbers[places]


def _mark_bad(
    bad_texts: NDArray[np.bool_], places: NDArray[np.int64], field: str, values: pa.Array, faults: _Faults
) -> None:
    if bad_texts.any():
        faults.mark((places >= 0) & bad_texts[places], _CODES[field], field, values)


def _words(values: pa.Array, field: str, form: str, faults: _Faults) -> pa.DictionaryArray:
    """Texts of one form, dictionary-encoded."""
    coded = _text(values).dictionary_encode()
    if pc.all(pc.match_substring_regex(coded.dictionary, f"^{form}$")).as_py() is not False:
        return coded
    texts, places = _encoded(values)
    texts = pc.ascii_upper(texts)
    good = pc.match_substring_regex(texts, f"^{form}$").to_numpy(zero_copy_only=False)
    _mark_bad(~good, places, field, values, faults)
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=places < 0), texts)


def _imei(values: pa.Array, faults: _Faults) -> NDArray[np.uint64]:
    """IMEIs of 14 digits, of 15 with a check digit, of 16 with a software version; 0 where all digits are 0."""
    texts = _text(values)
    digits = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    numbers = _uint64(texts, "records.imei", "imei", faults)
    bad = (digits > 0) & ((digits < IMEI_BODY) | (digits > IMEI_BODY + 2))
    if bad.any():
        faults.mark(bad, "records.imei", "imei", values)
    return with_check_digit(numbers // _POWERS[np.clip(digits - IMEI_BODY, 0, 2)])


def _peer(values: pa.Array, faults: _Faults) -> dict[str, pa.Array | NDArray[np.uint64]]:
    texts, places = _encoded(values)
    peers = read_peers(texts)
    _mark_bad(~peers.good, places, "peer", values, faults)
    codes = np.append(peers.codes, np.uint64(0))[places]
    if peers.texts.any():
        words = pa.array([*peers.texts, None], pa.string()).take(pa.array(places % (len(texts) + 1)))
    else:
        words = pa.nulls(len(values), pa.string())
    return {"peer": codes, "peer_word": words.dictionary_encode()}


def _times(values: pa.Array, faults: _Faults) -> NDArray[np.uint32]:
    if pa.types.is_timestamp(values.type):
        return _typed_times(values, faults)
    values = _text(values)
    try:
        seconds = values.cast(pa.timestamp("s", "UTC")).cast(pa.int64())
        found: NDArray[np.int64] = pc.fill_null(seconds, 0).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        found = np.array([moment((text or "").strip()) or 0 for text in values.to_pylist()], np.int64)
    return _checked_times(found, values, faults)


def _typed_times(values: pa.Array, faults: _Faults) -> NDArray[np.uint32]:
    if values.type.tz is None:  # the hour of an unknown place is no time
        values = pa.nulls(len(values), pa.timestamp("s", "UTC"))
    whole = pc.floor_temporal(values, unit="second").cast(pa.timestamp("s", "UTC"), safe=False)
    return _checked_times(pc.fill_null(whole.cast(pa.int64()), 0).to_numpy(zero_copy_only=False), values, faults)


def _checked_times(found: NDArray[np.int64], values: pa.Array, faults: _Faults) -> NDArray[np.uint32]:
    bad = (found <= 0) | (found > _U32)
    if bad.any():
        missing = ~_valid(values)
        faults.mark(bad & missing, "records.missing", "start_time", values)
        faults.mark(bad, "records.start_time", "start_time", values)
    return found.astype(np.uint32)
