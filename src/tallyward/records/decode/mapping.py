"""What a mapping file says: which column of somebody's text is what, and how its values are written. Pure.

YAML without aliases and tags. Each mistake is refused with the line and the key where it stands. docs/record-formats.md
shows the form; `mapped.py` does what it says.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tallyward.kernel.errors import InvalidError
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.mapping_document import Keys, Value, document

ENCODINGS: Final = ("utf-8", "gb18030", "latin-1")
DIRECTIVES: Final = "YymdHMSfz"
UNITS: Final = {
    "duration": {"s": (1, 1), "ms": (1, 1000), "min": (60, 1)},
    "bytes_up": {
        "B": (1, 1),
        "kB": (1000, 1),
        "MB": (1000**2, 1),
        "GB": (1000**3, 1),
        "KiB": (1 << 10, 1),
        "MiB": (1 << 20, 1),
        "GiB": (1 << 30, 1),
    },
}
UNITS["bytes_down"] = UNITS["bytes_up"]
"""By column, what one unit is as (times, divided by)."""
_TEXT: Final = ("column", "columns", "join", "value", "values", "otherwise", "prefix")
_KEYS: Final = {
    "start_time": ("column", "columns", "join", "format", "zone"),
    **dict.fromkeys(UNITS, ("column", "value", "unit", "decimal", "thousands")),
    "cell": ("column", "columns", "join", "network", "area", "identity", "base"),
}
_TOP: Final = ("delimiter", "encoding", "quote", "header", "skip_lines", "columns")
_OFFSET: Final = re.compile(r"[+-](?:0\d|1[0-4]):?[0-5]\d")
_MOST_SKIPPED: Final = 100


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of a column come from and how they are written; what is not said is None or empty.

    `columns`: names in the file, lower case, joined by `join`. `parts`: network, area and identity of a cell.
    """

    columns: tuple[str, ...] = ()
    join: str = ""
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    prefix: str = ""
    format: str = "iso"
    zone: str | None = None
    unit: tuple[int, int] = (1, 1)
    decimal: str = "."
    thousands: str = ""
    base: int = 10
    parts: Mapping[str, "Source"] = field(default_factory=dict)

    def needed(self) -> Iterator[str]:
        """Columns of the file that it reads."""
        yield from self.columns
        for part in self.parts.values():
            yield from part.needed()


@dataclass(frozen=True, slots=True)
class Dress:
    """How the text is written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str | None = '"'
    header: bool = True
    skip_lines: int = 0


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A mapping file. `digest` names its content: a file refused under one mapping may pass under another."""

    dress: Dress
    columns: Mapping[str, Source]
    digest: str

    def needed(self) -> tuple[str, ...]:
        """Columns of the file that it reads, each once."""
        return tuple(dict.fromkeys(name for source in self.columns.values() for name in source.needed()))


def read_mapping(data: bytes) -> ColumnMapping:
    """What a mapping file says; refuses it with `records.mapping_*` at the first mistake."""
    top = _keys(document(data), "", _TOP)
    if "columns" not in top:
        raise InvalidError("records.mapping_missing", line=1, key="columns")
    inside = _keys(top["columns"], "columns", COLUMNS)
    for wanted in ("service", "start_time"):
        if wanted not in inside:
            raise InvalidError("records.mapping_missing", line=top["columns"].line, key=wanted)
    if not {"imsi", "msisdn", "iccid"} & inside.keys():
        raise InvalidError("records.mapping_missing", line=top["columns"].line, key="imsi, msisdn, iccid")
    columns = {name: _source(name, value) for name, value in inside.items()}
    mapping = ColumnMapping(_dress(top), columns, hashlib.sha256(data).hexdigest()[:16])
    if not mapping.dress.header:
        _check_numbers(mapping, top["columns"].line)
    return mapping


def _wrong(value: Value, key: str, known: Sequence[str]) -> InvalidError:
    detail = value.content if isinstance(value.content, str) else "{}"
    return InvalidError("records.mapping_value", line=value.line, key=key, detail=detail[:100], known=", ".join(known))


def _keys(value: Value, key: str, known: Sequence[str]) -> Keys:
    if not isinstance(value.content, dict):
        raise _wrong(value, key or "?", [f"{name}:" for name in known])
    for name, inner in value.content.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            shown = ", ".join(near or known)
            raise InvalidError("records.mapping_key", line=inner.line, key=name, known=shown)
    return value.content


def _text(value: Value, key: str, known: Sequence[str] = ()) -> str:
    if not isinstance(value.content, str) or (known and value.content not in known):
        raise _wrong(value, key, known or ['"..."'])
    return value.content


def _dress(top: Keys) -> Dress:
    delimiter = _text(top["delimiter"], "delimiter") if "delimiter" in top else ","
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '\r\n"':
        raise _wrong(top["delimiter"], "delimiter", [",", ";", "|", '"\\t"'])
    skipped = _text(top["skip_lines"], "skip_lines") if "skip_lines" in top else "0"
    if not re.fullmatch("[0-9]{1,3}", skipped) or int(skipped) > _MOST_SKIPPED:
        raise _wrong(top["skip_lines"], "skip_lines", ["0", "1", "...", str(_MOST_SKIPPED)])
    quote = _text(top["quote"], "quote", ['"', "'", "none"]) if "quote" in top else '"'
    header = _text(top["header"], "header", ["true", "false"]) if "header" in top else "true"
    encoding = _text(top["encoding"], "encoding", ENCODINGS) if "encoding" in top else "utf-8"
    return Dress(delimiter, encoding, None if quote == "none" else quote, header == "true", int(skipped))


def _source(target: str, value: Value) -> Source:
    if isinstance(value.content, str):  # short for {column: NAME}
        return Source(columns=(_name(value, target),))
    keys = _keys(value, target, _KEYS.get(target, _TEXT))
    if target == "cell" and "area" in keys:
        return _cell(keys, value.line)
    found = _Reading(target, keys, value.line)
    return Source(
        columns=found.columns(),
        join=found.text("join"),
        value=found.text("value") if "value" in keys else None,
        values=found.values(),
        otherwise=found.text("otherwise") if "otherwise" in keys else None,
        prefix=found.text("prefix"),
        format=found.format(),
        zone=found.zone(),
        unit=UNITS[target][found.text("unit", "s" if target == "duration" else "B", list(UNITS[target]))]
        if target in UNITS
        else (1, 1),
        decimal=found.text("decimal", ".", [".", ","]),
        thousands=found.text("thousands", "", ["", ",", ".", " ", "'"]),
    )


def _cell(keys: Keys, line: int) -> Source:
    if "identity" not in keys or "network" not in keys:
        raise InvalidError("records.mapping_missing", line=line, key="network, area, identity")
    if single := {"column", "columns", "join"} & keys.keys():
        raise _wrong(keys[min(single)], min(single), ["network, area, identity"])
    base = int(_text(keys["base"], "base", ["10", "16"])) if "base" in keys else 10
    parts = {name: _source("plmn", keys[name]) for name in ("network", "area", "identity")}
    return Source(base=base, parts=parts)


def _name(value: Value, key: str) -> str:
    name = _text(value, key).strip().lower()
    if not name:
        raise _wrong(value, key, ['"..."'])
    return name


class _Reading:
    """The keys of one column."""

    def __init__(self, target: str, keys: Keys, line: int) -> None:
        """Read `keys`, which begin at `line`."""
        self._target = target
        self._keys = keys
        self._line = line

    def text(self, key: str, default: str = "", known: Sequence[str] = ()) -> str:
        """A text, one of `known` where those are given."""
        return _text(self._keys[key], f"{self._target}.{key}", known) if key in self._keys else default

    def columns(self) -> tuple[str, ...]:
        """The columns of the file; exactly one of `column`, `columns` and `value` says what a column holds."""
        said = [key for key in ("column", "columns", "value") if key in self._keys]
        if len(said) != 1:
            raise InvalidError("records.mapping_missing", line=self._line, key=f"{self._target}.column")
        found = self._keys[said[0]]
        if said[0] == "value":
            return ()
        several = found.content if isinstance(found.content, tuple) else (found,)
        if not several:
            raise _wrong(found, f"{self._target}.columns", ["[DATE, TIME]"])
        return tuple(_name(one, f"{self._target}.{said[0]}") for one in several)

    def values(self) -> dict[str, str]:
        """What each value of the file means."""
        if "values" not in self._keys:
            return {}
        value = self._keys["values"]
        if not isinstance(value.content, dict):
            raise _wrong(value, f"{self._target}.values", ['{"1": data}'])
        return {said: _text(meant, f"{self._target}.values") for said, meant in value.content.items()}

    def format(self) -> str:
        """How a time is written; each directive once, a whole date at least."""
        found = self.text("format", "iso")
        if found in {"iso", "epoch", "epoch_ms"}:
            return found
        used = re.findall("%(.)", found)
        whole = {"m", "d", "H", "M"} <= set(used) and ("Y" in used) != ("y" in used)
        if not whole or len(set(used)) != len(used) or not set(used) <= set(DIRECTIVES):
            known = ["iso", "epoch", "epoch_ms", '"%Y%m%d%H%M%S"', *(f"%{one}" for one in DIRECTIVES)]
            raise _wrong(self._keys["format"], f"{self._target}.format", known)
        return found

    def zone(self) -> str | None:
        """Where the clock stood: needed where the written time does not say it, and only there."""
        if self._target != "start_time":
            return None
        tells = self.format() in {"iso", "epoch", "epoch_ms"} or "%z" in self.format()
        if "zone" not in self._keys:
            if tells:
                return None
            raise InvalidError("records.mapping_missing", line=self._line, key="start_time.zone")
        zone = self.text("zone")
        if tells or not (_OFFSET.fullmatch(zone) or _is_zone(zone)):
            raise _wrong(self._keys["zone"], "start_time.zone", ['"+08:00"', "Asia/Shanghai", "UTC"])
        return zone


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check_numbers(mapping: ColumnMapping, line: int) -> None:
    """Without a header columns are named by their number, from 1."""
    for name in mapping.needed():
        if not re.fullmatch("[1-9][0-9]{0,3}", name):
            raise InvalidError("records.mapping_value", line=line, key="columns", detail=name[:100], known="1, 2, 3")
