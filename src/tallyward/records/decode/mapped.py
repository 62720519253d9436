"""Delimited text of any columns, turned by a mapping file into the columns of docs/mediation-csv.md. Pure.

A value that the mapping does not explain stays as it is: then it is the column's own reading that refuses it, with the
line, the field and the value as they stand in the file.
"""

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallyward.records.decode.civil_time import I64, Mask, civil_seconds
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.delimited import Columns, Dialect
from tallyward.records.decode.mapping import UNITS, ColumnMapping, Source

_ISO: Final = "%Y-%m-%dT%H:%M:%SZ"
_GROUPS: Final = {
    "Y": "[0-9]{4}",
    "f": "[0-9]{1,9}",
    "z": "Z|[+-][0-9]{2}:?[0-9]{2}",
}
_CENTURY: Final = 2000
_DIGITS: Final = "^[0-9]{1,18}$"
_DECIMAL: Final = r"^[0-9]{1,15}\.[0-9]{1,9}$"


def dialect_of(mapping: ColumnMapping) -> Dialect:
    """How `delimited` reads a text under a mapping."""
    dress = mapping.dress
    return Dialect(
        needed=mapping.needed(),
        anchor=mapping.columns["start_time"].columns[0],
        delimiter=dress.delimiter,
        quote=dress.quote,
        encoding=dress.encoding,
        header=dress.header,
        skip=dress.skip_lines,
        standard=lambda columns: standard_columns(mapping, columns),
        missing="records.mapping_columns",
    )


def standard_columns(mapping: ColumnMapping, columns: Columns) -> Columns:
    """The thirteen columns of docs/mediation-csv.md; null where the mapping names no source."""
    size = len(next(iter(columns.values())))
    found: Columns = {}
    for name in COLUMNS:
        source = mapping.columns.get(name)
        if source is None:
            found[name] = pa.nulls(size, pa.string())
        elif name == "start_time":
            found[name] = _times(source, _text(source, columns, size))
        elif name in UNITS:
            found[name] = _amounts(source, _text(source, columns, size))
        elif source.parts:
            found[name] = _cells(source, columns, size)
        else:
            found[name] = _text(source, columns, size)
    return found


def _text(source: Source, columns: Columns, size: int) -> pa.Array:
    """Texts without surrounding blanks, null where empty."""
    if source.value is not None:
        return pa.repeat(source.value, size)
    parts = [pc.utf8_trim_whitespace(columns[name]) for name in source.columns]
    values = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, source.join)
    values = pc.if_else(pc.equal(values, ""), None, values)
    if source.values or source.otherwise is not None:
        coded = values.dictionary_encode()
        meant = [source.values.get(one, source.otherwise or one) for one in coded.dictionary.to_pylist()]
        values = pa.array(meant, pa.string()).take(coded.indices)
    if source.prefix:
        bare = pc.invert(pc.starts_with(pc.utf8_ltrim(values, "+"), source.prefix))
        values = pc.if_else(bare, pc.binary_join_element_wise(source.prefix, values, ""), values)
    return values


def _cells(source: Source, columns: Columns, size: int) -> pa.Array:
    """mcc-mnc-lac-ci of a network's digits, an area and an identity; null where one is missing."""
    network, area, identity = (_text(part, columns, size) for part in source.parts.values())
    network = pc.replace_substring(network, "-", "")
    split = pc.replace_substring_regex(network, "^([0-9]{3})([0-9]{2,3})$", r"\1-\2")
    return pc.binary_join_element_wise(split, _based(area, source.base), _based(identity, source.base), "-")


def _based(values: pa.Array, base: int) -> pa.Array:
    """Whole numbers in decimal, whatever their base in the file."""
    if base != 16:  # noqa: PLR2004
        return values
    coded = values.dictionary_encode()
    digits = [
        str(int(one, 16)) if re.fullmatch("(?:0[xX])?[0-9a-fA-F]{1,9}", one) else one
        for one in coded.dictionary.to_pylist()
    ]
    return pa.array(digits, pa.string()).take(coded.indices)


def _amounts(source: Source, values: pa.Array) -> pa.Array:
    """Seconds or octets as whole numbers, rounded down; what is no number stays text."""
    plain = values
    if source.thousands:
        plain = pc.replace_substring(plain, source.thousands, "")
    if source.decimal != ".":
        plain = pc.replace_substring(plain, source.decimal, ".")
    times, divided = source.unit
    whole = pc.fill_null(pc.match_substring_regex(plain, _DIGITS), False)
    fraction = pc.fill_null(pc.match_substring_regex(plain, _DECIMAL), False)
    if times == divided == 1 and not pc.any(fraction).as_py():
        return plain
    exact = pc.if_else(whole, plain, None).cast(pa.int64())
    over = pc.fill_null(pc.greater(exact, (1 << 62) // times), False)  # saturates all the same
    exact = pc.if_else(over, (1 << 62) // times, exact)
    exact = pc.divide(pc.multiply(exact, times), divided)
    rough = pc.multiply(pc.if_else(fraction, plain, None).cast(pa.float64()), times / divided)
    rough = pc.floor(pc.if_else(pc.greater(rough, 2.0**62), 2.0**62, rough)).cast(pa.int64())
    return pc.coalesce(exact.cast(pa.string()), rough.cast(pa.string()), values)


def _times(source: Source, values: pa.Array) -> pa.Array:
    """Moments in UTC; where one can't be read, texts."""
    if source.format == "iso":
        return values
    if source.format in {"epoch", "epoch_ms"}:
        plain = pc.fill_null(pc.match_substring_regex(values, "^[0-9]{1,13}$"), False)
        numbers = pc.if_else(plain, values, None).cast(pa.int64())
        seconds = numbers if source.format == "epoch" else pc.divide(numbers, 1000)
        return _moments(seconds, values)
    seconds, good = _read_times(source, values)
    found = pa.array(seconds, mask=~good)
    if source.zone and not source.zone.startswith(("+", "-")):
        found = _from_zone(found, source.zone)
    return _moments(found, values)


def _moments(seconds: pa.Array, values: pa.Array) -> pa.Array:
    """Moments of seconds; beside values that are none all become texts, so that the bad ones can be told."""
    limited = pc.if_else(pc.less(seconds, 1 << 40), seconds, None)
    moments = limited.cast(pa.timestamp("s", "UTC"))
    if moments.null_count == values.null_count:
        return moments
    return pc.coalesce(pc.strftime(moments.cast(pa.timestamp("s")), _ISO), values)


def _from_zone(seconds: pa.Array, zone: str) -> pa.Array:
    """UTC of local times of a zone; an hour that a clock change gives twice is in doubt, and so null."""
    local = seconds.cast(pa.timestamp("s"))
    first, last = (
        pc.assume_timezone(local, zone, ambiguous=side, nonexistent="earliest") for side in ("earliest", "latest")
    )
    return pc.if_else(pc.equal(first, last), first, None).cast(pa.int64())


def _read_times(source: Source, values: pa.Array) -> tuple[I64, Mask]:
    """Seconds of texts by a format, in UTC where the offset is known; which of them could be read."""
    parts = pc.extract_regex(values, _pattern(source.format))
    good: Mask = parts.is_valid().to_numpy(zero_copy_only=False).copy()
    names = [field.name for field in parts.type]
    by_name = {name: pc.struct_field(parts, name) for name in names}

    def number(name: str) -> I64:
        if name not in by_name:
            return np.zeros(len(values), np.int64)
        text = pc.if_else(pc.equal(by_name[name], ""), "0", by_name[name])
        found: I64 = pc.fill_null(text.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        return found

    year = number("Y") if "Y" in by_name else number("y") + _CENTURY
    seconds, there = civil_seconds(year, number("m"), number("d"), number("H"), number("M"), number("S"))
    offsets = by_name["z"] if "z" in by_name else pa.repeat(source.zone or "Z", len(values))
    return seconds - _offsets(offsets), good & there


def _offsets(texts: pa.Array) -> I64:
    """Seconds of offsets such as +08:00, 0 for Z and for names of zones."""
    coded = texts.dictionary_encode()
    known = [_offset(one) for one in coded.dictionary.to_pylist()]
    at = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False)
    found: I64 = np.array(known or [0], np.int64)[at]
    return found


def _offset(text: str) -> int:
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text)
    return (int(match[2]) * 3600 + int(match[3]) * 60) * (1 if match[1] == "+" else -1) if match else 0


def _pattern(form: str) -> str:
    """A pattern of named groups. Leading zeros may be missing where letters stand around a number."""
    pieces = re.split("%([YymdHMSfz])", form)
    made = [re.escape(pieces[0])]
    for at in range(1, len(pieces), 2):
        apart = (at == 1 and not pieces[0][-1:].isdigit()) or pieces[at - 1]
        loose = apart and (at + 2 >= len(pieces) or pieces[at + 1])
        group = _GROUPS.get(pieces[at], "[0-9]{1,2}" if loose else "[0-9]{2}")
        made.append(f"(?P<{pieces[at]}>{group}){re.escape(pieces[at + 1])}")
    return f"^{''.join(made)}$"
