"""Reads whole columns of text at once, and says of each cell that can't be read why not. Pure.

What a check gives agrees with `kernel.identities` cell by cell; a property test holds the two together. Empty cells
are null and pass: whether a cell may be empty is the column's affair.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.registry.columns import Column, Form

Mask: TypeAlias = NDArray[np.bool_]
Matrix: TypeAlias = NDArray[np.uint8]

_CODE: Final = r"^[0-9A-Za-z][0-9A-Za-z._:/-]*$"
_CGI: Final = r"^[0-9]{3}-[0-9]{2,3}-[0-9]{1,8}-[0-9]{1,11}$"  # lac, tac of 5G; ci, NR cell identity of 36 bits
_PLMN: Final = re.compile(r"[0-9]{5,6}")
_DEGREES: Final = r"^[+-]?[0-9]{1,3}(\.[0-9]{1,17})?([eE]-[0-9]{1,2})?$"
_MOMENT: Final = (
    r"^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?P<part>\.[0-9]+)?"
    r"(?P<sign>[Z+-])(?P<hours>[0-9]{2})?:?(?P<minutes>[0-9]{2})?$"
)
_CONTROL: Final = r"[\x00-\x1f\x7f]"
_FLAGS: Final = pa.array(["true", "false", "1", "0", "yes", "no"])
_ICCID_WIDTH: Final = 20
_IMEI_WIDTH: Final = 15
_COUNT_WIDTH: Final = 19
_ZERO: Final = 48
_DOUBLED: Final = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Checked:
    """Values of a column, null where a cell is empty or wrong, and which cells are wrong with which code."""

    values: pa.Array
    wrong: tuple[tuple[str, Mask], ...]


def is_code(text: str) -> bool:
    """One code: letters, digits and . _ : / - within, at most 64 characters."""
    return len(text) <= Column("", Form.CODE, "").longest and re.fullmatch(_CODE, text) is not None


def trimmed(texts: pa.Array) -> pa.Array:
    """Without white space around; null where nothing is left."""
    bare = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def check(column: Column, texts: pa.Array) -> Checked:
    """Read a column of trimmed texts."""
    return _CHECKS[column.form](column, texts)


def _judged(values: pa.Array, *wrong: tuple[str, Mask]) -> Checked:
    any_wrong = np.logical_or.reduce([mask for _, mask in wrong])
    if any_wrong.any():
        values = pc.if_else(pa.array(any_wrong), pa.scalar(None, values.type), values)
    return Checked(values, tuple((code, mask) for code, mask in wrong if mask.any()))


def as_mask(values: pa.Array) -> Mask:
    """A column of truth values as an array; null is false."""
    filled: Mask = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return filled


def _has(texts: pa.Array) -> Mask:
    return as_mask(texts.is_valid())


def _matches(texts: pa.Array, pattern: str) -> Mask:
    return as_mask(pc.match_substring_regex(texts, pattern))


def _characters(texts: pa.Array, width: int) -> tuple[Matrix, NDArray[np.int64]]:
    """Right-aligned characters, one row a cell, and each cell's length; a cell that is too long is one of length 0."""
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    fits = lengths <= width
    plain = fits & (pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False) == lengths)
    padded = pc.utf8_lpad(pc.if_else(pa.array(plain), pc.fill_null(texts, ""), ""), width, "0")
    buffer = padded.buffers()[2]
    matrix = np.frombuffer(buffer, np.uint8, count=len(texts) * width) if len(texts) else np.zeros(0, np.uint8)
    return matrix.reshape(len(texts), width), np.where(plain, lengths, 0)


def _digits(matrix: Matrix) -> Mask:
    is_digit: Mask = (matrix - np.uint8(_ZERO)) < 10  # noqa: PLR2004 - below '0' wraps around
    return is_digit


def _luhn(matrix: Matrix) -> Mask:
    """Rows of digits whose last is the check digit of the others (ISO/IEC 7812-1 annex B)."""
    values = matrix - np.uint8(_ZERO)
    doubled = _DOUBLED[np.minimum(values[:, -2::-2], 9)]
    total = doubled.sum(axis=1, dtype=np.int64) + values[:, -1::-2].sum(axis=1, dtype=np.int64)
    fits: Mask = total % 10 == 0
    return fits


def _iccid(_column: Column, texts: pa.Array) -> Checked:
    texts = pc.ascii_upper(texts)
    matrix, lengths = _characters(texts, _ICCID_WIDTH)
    digit = _digits(matrix)
    letter = (matrix - np.uint8(ord("A"))) < 26  # noqa: PLR2004 - letters of the alphabet
    short = lengths == _ICCID_WIDTH - 1
    beginning = np.where(short, digit[:, 1:5].all(axis=1), digit[:, :4].all(axis=1))
    shaped = (short | (lengths == _ICCID_WIDTH)) & beginning & digit[:, -1] & (digit | letter).all(axis=1)
    shaped &= as_mask(pc.starts_with(texts, "89"))
    has = _has(texts)
    check_digit = shaped & digit.all(axis=1) & ~_luhn(matrix)
    return _judged(texts, ("kernel.iccid_form", has & ~shaped), ("kernel.iccid_check_digit", check_digit))


def _imei(_column: Column, texts: pa.Array) -> Checked:
    matrix, lengths = _characters(texts, _IMEI_WIDTH)
    shaped = (lengths == _IMEI_WIDTH) & _digits(matrix).all(axis=1)
    return _judged(
        texts,
        ("kernel.imei_form", _has(texts) & ~shaped),
        ("kernel.imei_check_digit", shaped & ~_luhn(matrix)),
    )


def _imsi(_column: Column, texts: pa.Array) -> Checked:
    matrix, lengths = _characters(texts, 15)
    shaped = (lengths >= 6) & _digits(matrix).all(axis=1)  # noqa: PLR2004 - MCC, MNC and one digit
    return _judged(texts, ("kernel.imsi_form", _has(texts) & ~shaped))


def _msisdn(_column: Column, texts: pa.Array) -> Checked:
    if as_mask(pc.starts_with(texts, "+")).any():
        texts = pc.replace_substring_regex(texts, r"^\+", "")
    matrix, lengths = _characters(texts, 15)
    shaped = (lengths >= 7) & _digits(matrix).all(axis=1) & ~as_mask(pc.starts_with(texts, "0"))  # noqa: PLR2004 - E.164
    return _judged(texts, ("kernel.msisdn_form", _has(texts) & ~shaped))


def _count(column: Column, texts: pa.Array) -> Checked:
    matrix, lengths = _characters(texts, _COUNT_WIDTH)
    shaped = (lengths > 0) & _digits(matrix).all(axis=1)
    has = _has(texts)
    values = pc.cast(pc.if_else(pa.array(shaped | ~has), texts, "0"), pa.uint64())
    large = shaped & as_mask(pc.greater(values, pa.scalar(column.most, pa.uint64())))
    safe = pc.if_else(pa.array(large), pa.scalar(0, pa.uint64()), values)
    return _judged(pc.cast(safe, pa.int64()), ("registry.count_form", (has & ~shaped) | large))


def _flag(_column: Column, texts: pa.Array) -> Checked:
    place = pc.index_in(pc.ascii_lower(texts), value_set=_FLAGS)
    yes = pc.equal(pc.bit_wise_and(place, 1), 0)
    return _judged(yes, ("registry.flag_form", _has(texts) & ~_has(place)))


def _choice(column: Column, texts: pa.Array) -> Checked:
    texts = pc.ascii_lower(texts)
    known = as_mask(pc.is_in(texts, value_set=pa.array(column.choices, pa.string())))
    return _judged(texts, ("registry.choice", _has(texts) & ~known))


def _matching(pattern: str, refusal: str, longest: int | None = None) -> Callable[[Column, pa.Array], Checked]:
    def judge(column: Column, texts: pa.Array) -> Checked:
        long = as_mask(pc.greater(pc.binary_length(texts), longest or column.longest))
        return _judged(texts, (refusal, _has(texts) & (long | ~_matches(texts, pattern))))

    return judge


def _text(column: Column, texts: pa.Array) -> Checked:
    long = as_mask(pc.greater(pc.utf8_length(texts), column.longest))
    return _judged(texts, ("registry.text_form", long | _matches(texts, _CONTROL)))


def _degrees(most: float) -> Callable[[Column, pa.Array], Checked]:
    def judge(_column: Column, texts: pa.Array) -> Checked:
        shaped = _matches(texts, _DEGREES)
        has = _has(texts)
        unsigned = pc.replace_substring_regex(texts, r"^\+", "")
        values = pc.cast(pc.if_else(pa.array(shaped | ~has), unsigned, "0"), pa.float64())
        outside = shaped & as_mask(pc.greater(pc.abs(values), most))
        return _judged(values, ("registry.degrees_form", (has & ~shaped) | outside))

    return judge


def _moment(_column: Column, texts: pa.Array) -> Checked:
    parts = pc.extract_regex(texts, _MOMENT)
    fields = {name: parts.field(name) for name in ("day", "time", "sign", "hours", "minutes")}
    stamp = pc.binary_join_element_wise(fields["day"], fields["time"], "T")
    local = pc.cast(pc.strptime(stamp, "%Y-%m-%dT%H:%M:%S", "s", error_is_null=True), pa.int64())
    whole = pc.strftime(pc.cast(local, pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S")
    real = as_mask(pc.equal(whole, stamp))  # strptime rolls 31 June over to July
    offset = _number(fields["hours"]) * 3600 + _number(fields["minutes"]) * 60
    sign = pc.fill_null(fields["sign"], "Z").to_numpy(zero_copy_only=False)
    complete = np.where(sign == "Z", offset == 0, as_mask(pc.not_equal(fields["hours"], "")))
    seconds = pc.fill_null(local, 0).to_numpy(zero_copy_only=False) - np.where(sign == "-", -offset, offset)
    has = _has(texts)
    wrong = has & ~(real & complete & (seconds >= 0))
    return _judged(pa.array(seconds, mask=~has), ("registry.moment_form", wrong))


def _number(texts: pa.Array) -> NDArray[np.int64]:
    bare = pc.fill_null(pc.if_else(pc.equal(texts, ""), "0", texts), "0")
    values: NDArray[np.int64] = pc.cast(bare, pa.int64()).to_numpy(zero_copy_only=False)
    return values


def _plmns(_column: Column, texts: pa.Array) -> Checked:
    wrong = np.array(
        [text is not None and not all(map(_PLMN.fullmatch, text.split())) for text in texts.to_pylist()], dtype=np.bool_
    )
    return _judged(texts, ("registry.plmn_form", wrong))


_CHECKS: Final[dict[Form, Callable[[Column, Any], Checked]]] = {
    Form.CODE: _matching(_CODE, "registry.code_form"),
    Form.TEXT: _text,
    Form.CHOICE: _choice,
    Form.FLAG: _flag,
    Form.COUNT: _count,
    Form.LATITUDE: _degrees(90.0),
    Form.LONGITUDE: _degrees(180.0),
    Form.MOMENT: _moment,
    Form.ICCID: _iccid,
    Form.IMSI: _imsi,
    Form.MSISDN: _msisdn,
    Form.IMEI: _imei,
    Form.CGI: _matching(_CGI, "registry.cgi_form", longest=40),
    Form.PLMNS: _plmns,
    Form.PEER: _text,
}
