"""One block of a file's rows: cells read, references looked up, the bad rows told apart from the good. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.kernel.actor import Scope
from tallyward.registry.checks import Mask, as_mask, check, trimmed
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.model import EnterpriseKind
from tallyward.registry.report import MOST_PROBLEMS, Problems, RowProblem

I64: TypeAlias = NDArray[np.int64]

_SHOWN: Final = 60
_MANY: Final = 200_000
_SPREADSHEET: Final = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of a file as texts, all columns of the kind, and the line of each row."""

    texts: Mapping[str, pa.Array]
    lines: I64


@dataclass(frozen=True, slots=True)
class Numbered:
    """Codes, and at the same position ids and whatever else a reference needs to know."""

    codes: pa.Array
    ids: I64
    holder: I64 | None = None
    operator: I64 | None = None
    _sorted: list[tuple[NDArray[np.bytes_], I64]] = field(default_factory=list, init=False, compare=False)

    def places(self, values: pa.Array) -> pa.Array:
        """At which position each value stands among the codes; null where it does not.

        Arrow hashes all codes again for every question, so many codes are sorted instead, once.
        """
        if len(self.codes) < _MANY:
            return pc.index_in(values, value_set=self.codes, skip_nulls=True)
        if not self._sorted:
            codes = as_octets(self.codes)
            order = np.argsort(codes, kind="stable")
            self._sorted.append((codes[order], order))
        codes, order = self._sorted[0]
        asked = as_octets(values)
        at = np.minimum(np.searchsorted(codes, asked), len(codes) - 1)
        known = (codes[at] == asked) & ~as_mask(values.is_null())
        return pa.array(order[at], mask=~known)


NONE: Final = Numbered(pa.array([], pa.string()), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class References:
    """What rows of a kind may refer to, as it stood when the import began."""

    enterprises: Numbered = NONE
    kinds: Mapping[int, EnterpriseKind] = field(default_factory=dict)
    classes: Numbered = NONE
    areas: Numbered = NONE
    cells: Numbered = NONE
    lists: Mapping[tuple[int, str], int] = field(default_factory=dict)
    cards: Numbered = NONE
    terminals: Numbered = NONE


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows ready to be stored: columns by their name in the database, nulls where empty; the line each came from."""

    columns: Mapping[str, pa.Array]
    lines: I64

    def __len__(self) -> int:
        """How many."""
        return len(self.lines)

    def take(self, which: NDArray[Any]) -> "Rows":
        """Some of them, by mask or by position."""
        at = pa.array(np.flatnonzero(which) if which.dtype == np.bool_ else which)
        return Rows({name: values.take(at) for name, values in self.columns.items()}, self.lines[which])


class BlockReader:
    """Reads one block; `wrong` collects (column, code, mask)."""

    def __init__(self, kind: Kind, block: Block, references: References, scope: Scope) -> None:
        self._kind = kind
        self._block = block
        self._scope = scope
        self.references = references
        self.wrong: list[tuple[str, str, Mask]] = []
        self.texts = {column.name: trimmed(block.texts[column.name]) for column in COLUMNS[kind]}
        self.values: dict[str, pa.Array] = {}
        for column in COLUMNS[kind]:
            texts = self.texts[column.name]
            if column.required:
                self.refuse(column.name, "registry.cell_empty", as_mask(texts.is_null()))
            checked = check(column, texts)
            self.values[column.name] = checked.values
            for code, mask in checked.wrong:
                self.refuse(column.name, code, mask)

    def refuse(self, column: str, code: str, mask: Mask) -> None:
        """Rows of `mask` are bad because of `column`."""
        if mask.any():
            self.wrong.append((column, code, mask))

    def refer(self, column: str, known: Numbered) -> pa.Array:
        """Ids of codes, null where empty; unknown ones are refused."""
        place = known.places(self.values[column])
        self.refuse(
            column, "registry.unknown_reference", as_mask(pc.and_(self.values[column].is_valid(), place.is_null()))
        )
        return pa.array(known.ids).take(place)

    def own(self, column: str, holder: pa.Array, operator: pa.Array | None = None) -> None:
        """Refuse rows that are outside the scope of the one who imports."""
        if self._scope.enterprise is None:
            return
        inside = as_mask(pc.equal(holder, int(self._scope.enterprise)))
        if operator is not None:
            inside |= as_mask(pc.equal(operator, int(self._scope.enterprise)))
        self.refuse(column, "registry.not_yours", as_mask(holder.is_valid()) & ~inside)

    def good(self, columns: Mapping[str, pa.Array], problems: Problems) -> Rows:
        """The rows that nothing is wrong with; the others go to `problems`."""
        lines = self._block.lines
        bad = (
            np.logical_or.reduce([mask for _, _, mask in self.wrong]) if self.wrong else np.zeros(len(lines), np.bool_)
        )
        rows = Rows(columns, lines)
        if not bad.any():
            return rows
        room = MOST_PROBLEMS - len(problems.kept)
        problems.add(self._spelt_out(np.flatnonzero(bad)[:room]), int(bad.sum()))
        return rows.take(~bad)

    def _spelt_out(self, rows: NDArray[np.intp]) -> list[RowProblem]:
        found = []
        for row in rows.tolist():
            for column, code, mask in self.wrong:
                if mask[row]:
                    value = (self.texts[column][row].as_py() or "") if column else ""
                    told = "registry.spreadsheet_number" if _SPREADSHEET.fullmatch(value) else code
                    found.append(RowProblem(int(self._block.lines[row]), column, told, value[:_SHOWN]))
        return found


def as_octets(texts: pa.Array) -> NDArray[np.bytes_]:
    """Texts as fixed-width octets (UTF-8, filled up with zeros); nulls are empty."""
    wide = texts.cast(pa.large_binary())
    longest = max(pc.max(pc.binary_length(wide)).as_py() or 1, 1)
    _, offsets, data = wide.buffers()
    ends = np.frombuffer(offsets, np.int64, len(wide) + 1, wide.offset * 8)
    octets = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    lengths = np.diff(ends)
    if (lengths == longest).all():
        return octets[ends[0] : ends[-1]].view(f"S{longest}")
    rows = np.zeros((len(wide), longest), np.uint8)
    rows[np.arange(longest) < lengths[:, None]] = octets[ends[0] : ends[-1]]
    return rows.view(f"S{longest}").ravel()
