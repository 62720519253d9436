"""Files into the registry and out of it: each bad row is told, the good ones are taken, and twice is as good as once.

Rows are stored a block at a time, each block whole or not at all together with its audit entry: a killed import is
finished by importing the file again, and nobody else waits longer than one block takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.kernel.actor import Actor, Scope
from tallyward.kernel.clock import Clock
from tallyward.registry.audit import AuditEntry
from tallyward.registry.block import Block, References, Rows
from tallyward.registry.bulk import key_texts, read_block, repeats
from tallyward.registry.checks import Mask
from tallyward.registry.columns import KEYS, Kind
from tallyward.registry.report import MOST_PROBLEMS, ImportReport, Problems, RowProblem
from tallyward.registry.service import platform_only
from tallyward.registry.tiles import along_curve

Progress: TypeAlias = Callable[[int, int], None]

PLATFORM_KINDS: Final = frozenset({Kind.ENTERPRISES, Kind.CLASSES, Kind.AREAS, Kind.CELLS})
"""Everybody's tables: one enterprise's people may not write them."""
STORED_AT_ONCE: Final = 100_000
UNIQUE: Final = {Kind.CARDS: ("imsi", "msisdn")}
"""Columns besides the key whose values no two rows share."""
_KEY_COLUMN: Final = {kind: "entry" if kind is Kind.GROUP_LISTS else KEYS[kind][0] for kind in Kind}
"""The column that a repeated key is told of."""


class TableFile(Protocol):
    """An opened import file."""

    @property
    def total(self) -> int:
        """What `blocks` counts up to."""
        ...

    def blocks(self) -> Iterator[tuple[int, Block, list[RowProblem]]]:
        """(done so far, rows, lines that are no rows)."""
        ...


@dataclass(frozen=True, slots=True)
class Merged:
    """What storing some rows did. `taken`: (position, column) of rows whose number belongs to another row."""

    added: int
    changed: int
    taken: tuple[tuple[int, str], ...] = ()


AuditOf: TypeAlias = Callable[[Merged], AuditEntry]


class BulkStore(Protocol):
    """Keeps many rows at once. Rows are checked already: it runs outside every tenant's scope."""

    def references(self, kind: Kind) -> References:
        """What rows of a kind may refer to."""
        ...

    def merge(self, kind: Kind, rows: Rows, scope: Scope, audit: AuditOf, at: datetime) -> Merged:
        """Add rows that are new and change those that differ, in one transaction; rows of others count as taken.

        `at` is when new cards are assumed to have joined that say nothing of it.
        New rows get ids in the order in which they come. Nothing is written where nothing changes.
        """
        ...

    def merge_lists(self, rows: Rows, audit: AuditOf, *, whole: bool) -> Merged:
        """Add the entries of each list that are new; where `whole`, take out those that no row names (`changed`)."""
        ...

    def terminal_ids(self, serials: list[str]) -> dict[str, int]:
        """Ids of those terminals that exist."""
        ...

    def export(self, kind: Kind, scope: Scope) -> Iterator[pa.Table]:
        """All rows that `scope` may see, in the columns of the kind, some at a time."""
        ...


class BulkRegistry:
    """Bulk import and export."""

    def __init__(
        self,
        store: BulkStore,
        clock: Clock,
        open_table: Callable[[Kind, Path], TableFile],
        write_table: Callable[[Kind, Path, Iterator[pa.Table]], int],
    ) -> None:
        """`open_table` reads files, `write_table` writes one whole or not at all and counts its rows."""
        self._store = store
        self._clock = clock
        self._open = open_table
        self._write = write_table

    def import_table(self, actor: Actor, kind: Kind, path: Path, progress: Progress | None = None) -> ImportReport:
        """Take the good rows of a file and tell the bad ones; `progress(done, total)` follows it.

        Refuses a file that can't be read at all with `registry.file_...` before anything is stored.
        """
        if kind in PLATFORM_KINDS:
            platform_only(actor)
        file = self._open(kind, path)
        return _Import(self._store, self._clock, actor, kind, path.name).run(file, progress)

    def export_table(self, actor: Actor, kind: Kind, path: Path) -> int:
        """Write all rows one may see, as CSV or (`.parquet`) Parquet that can be imported again; gives their number."""
        return self._write(kind, path, self._store.export(kind, actor.scope))


class _Import:
    """One file on its way in."""

    def __init__(self, store: BulkStore, clock: Clock, actor: Actor, kind: Kind, name: str) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._kind = kind
        self._name = name
        self._problems = Problems()
        self._seen = _SeenKeys()
        self._added = self._changed = self._rows = 0

    def run(self, file: TableFile, progress: Progress | None) -> ImportReport:
        references = self._store.references(self._kind)
        held: list[Rows] = []
        for done, block, spoilt in file.blocks():
            self._problems.add(spoilt, len(spoilt))
            rows = read_block(self._kind, block, references, self._actor.scope, self._problems)
            rows = self._without(
                rows, self._seen.again(key_texts(self._kind, rows)), "registry.repeated_key", _KEY_COLUMN[self._kind]
            )
            held += self._store_now(rows)
            if progress:
                progress(done, file.total)
        if held:
            self._store_last(_joined(held))
        problems = sorted(self._problems.kept, key=lambda problem: problem.line)
        unchanged = self._rows - self._added - self._changed
        return ImportReport(self._kind, self._added, self._changed, unchanged, tuple(problems), self._problems.rows)

    def _store_now(self, rows: Rows) -> list[Rows]:
        """Store what can be stored; give back what must wait for the whole file."""
        if self._kind in {Kind.CELLS, Kind.GROUP_LISTS}:
            return [rows]
        if self._kind is Kind.TERMINALS:
            behind = rows.columns["gateway"].is_valid().to_numpy(zero_copy_only=False)
            self._merge(_placed(rows.take(~behind), {}))
            return [rows.take(behind)]
        self._merge(rows)
        return []

    def _store_last(self, rows: Rows) -> None:
        if self._kind is Kind.GROUP_LISTS:
            self._merge_lists(rows)
        elif self._kind is Kind.CELLS:
            degrees = [rows.columns[name].to_numpy(zero_copy_only=False) for name in ("latitude", "longitude")]
            self._merge(rows.take(along_curve(*degrees)))
        else:
            self._merge_behind_gateways(rows)

    def _merge(self, rows: Rows) -> None:
        for column in UNIQUE.get(self._kind, ()):
            rows = self._without(rows, repeats(rows.columns[column]), "registry.number_taken", column)
        for start in range(0, len(rows), STORED_AT_ONCE):
            some = rows.take(np.arange(start, min(start + STORED_AT_ONCE, len(rows))))
            merged = self._store.merge(self._kind, some, self._actor.scope, self._audit, self._clock.now())
            self._count(len(some), merged)
            for position, column in merged.taken:
                value = str(some.columns[column][position].as_py())
                problem = RowProblem(int(some.lines[position]), column, "registry.number_taken", value)
                self._problems.add([problem], 1)

    def _merge_behind_gateways(self, rows: Rows) -> None:
        """Gateways may stand behind gateways of the same file: round by round, until no gateway is new."""
        while len(rows):
            ids = self._store.terminal_ids(pc.unique(rows.columns["gateway"]).to_pylist())
            ready = pc.is_in(rows.columns["gateway"], value_set=pa.array(list(ids), pa.string()))
            mask = ready.to_numpy(zero_copy_only=False)
            if not mask.any():
                self._without(rows, ~mask, "registry.unknown_reference", "gateway")
                return
            self._merge(_placed(rows.take(mask), ids))
            rows = rows.take(~mask)

    def _merge_lists(self, rows: Rows) -> None:
        """A list that stands in a file is as the file says; but no entry goes while a row of the file is bad."""
        merged = self._store.merge_lists(rows, self._audit, whole=not self._problems.rows)
        self._rows += len(rows) + merged.changed  # entries taken out have no row
        self._added += merged.added
        self._changed += merged.changed

    def _without(self, rows: Rows, bad: Mask, code: str, name: str) -> Rows:
        if not bad.any():
            return rows
        at = np.flatnonzero(bad)
        values = rows.columns[name] if name in rows.columns else pa.nulls(len(rows), pa.string())
        told = [
            RowProblem(int(rows.lines[row]), name, code, str(values[row].as_py() or ""))
            for row in at[:MOST_PROBLEMS].tolist()
        ]
        self._problems.add(told, len(at))
        return rows.take(~bad)

    def _count(self, rows: int, merged: Merged) -> None:
        self._rows += rows - len(merged.taken)
        self._added += merged.added
        self._changed += merged.changed

    def _audit(self, merged: Merged) -> AuditEntry:
        detail = {"kind": self._kind.value, "file": self._name, "added": merged.added, "changed": merged.changed}
        scope = self._actor.scope
        return AuditEntry(
            self._clock.now(), self._actor.name, scope.enterprise, "registry.import", f"file {self._name}", detail
        )


class _SeenKeys:
    """Keys of all rows so far in a few sorted runs: a fifth of what a set of texts would take.

    Each run is more than twice as long as the next, so a key is moved some twenty times in all, not once a block.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.bytes_]] = []

    def again(self, keys: pa.Array) -> Mask:
        """Rows whose key stood before, in this block or in an earlier one."""
        again = repeats(keys)
        texts = np.array([key.encode() for key in keys.to_pylist()], dtype=np.bytes_)
        for run in self._runs:
            at = np.searchsorted(run, texts)
            at[at == len(run)] = 0
            again |= run[at] == texts
        new = np.sort(texts[~again])
        while self._runs and len(self._runs[-1]) <= 2 * len(new):
            new = np.sort(np.concatenate([self._runs.pop(), new]), kind="stable")
        if len(new):
            self._runs.append(new)
        return again


def _joined(parts: list[Rows]) -> Rows:
    columns = {name: pa.concat_arrays([part.columns[name] for part in parts]) for name in parts[0].columns}
    return Rows(columns, np.concatenate([part.lines for part in parts]))


def _placed(rows: Rows, gateways: dict[str, int]) -> Rows:
    """Terminals with the id of their gateway instead of its serial."""
    columns = dict(rows.columns)
    serials = columns.pop("gateway").to_pylist()
    columns["gateway_id"] = pa.array([None if serial is None else gateways[serial] for serial in serials], pa.int64())
    return Rows(columns, rows.lines)
