"""The embedded ledger: one process, one SQLite file, signed heads. A batch is one block and one durable commit.

What a commit did not reach never happened: after a crash the file opens at its last block. Heads leave the process,
so the file is synced in full before a head is shown (WAL, synchronous FULL): a head that was seen is never rolled
back by a power cut. Several processes may have it open, a server and a command beside it: each takes the file's lock
for as long as it adds a block, after taking up what the others added. From time to time what is known is kept in a
file beside (`snapshot_file`), so that opening takes up only what came after.
"""

import sqlite3
import threading
from collections.abc import Container, Iterator, Sequence
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import ClassVar, Final, Self

from nacl.signing import SigningKey

from tallyward.custody import checkpoint, merkle
from tallyward.custody.adapters.ledger_file import LedgerFile, Statement, append, begun, writing
from tallyward.custody.adapters.snapshot_file import SnapshotFile
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.entry import Entry
from tallyward.custody.machine import PROVEN_BEFORE, Checked, Machine, read
from tallyward.custody.receipt import Receipt
from tallyward.custody.tiles import Tree
from tallyward.custody.transactions import BlockEnd
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, CorruptError, NotFoundError, TallywardError, UnavailableError

_PATIENCE: Final = 10.0
"""Seconds to wait for another process that adds a block just now."""
_SNAPSHOT: Final = 10_000, 8
"""A snapshot is kept once so many entries came since the last one, and one part of so many of all."""


class SqliteLedger:
    """A ledger in a file; see `ports.Ledger`. Safe for threads, and beside other processes that have it open."""

    _own: ClassVar[bool] = True
    """Whether who opens the file is who signs its heads."""

    def __init__(self, path: Path, secret: SigningKey, clock: Clock, patience: float = _PATIENCE) -> None:
        """Open a ledger that is there: what its entries say is computed again and must be what its last head says.

        Of entries that a snapshot stands for, what it says of them is proven instead (`snapshot`).
        """
        if not path.is_file():
            raise NotFoundError("custody.no_ledger", file=path.name)
        self._file = LedgerFile(path, read_only=False)
        self._secret = secret
        self._clock = clock
        self._patience = patience
        self._one_at_a_time = threading.RLock()
        self._durable()
        self._snapshots = SnapshotFile(path) if self._own else None
        self._snapshot_size = 0
        self.machine, self._head = self._opened()
        self._keep_snapshot()

    @classmethod
    def create(cls, path: Path, genesis: bytes, secret: SigningKey, clock: Clock) -> Self:
        """Begin a ledger with its first entry; refuses to write over one."""
        if path.exists():
            raise ConflictError("custody.ledger_exists", file=path.name)
        machine = Machine(genesis)
        entries = [genesis, machine.end_block(machine.time)]
        with closing(begun(path)) as file:
            append(file, machine.origin, 0, entries, secret, Tree(file.tile, 0))
        return cls(path, secret, clock)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def submit(self, entries: Sequence[bytes], proven: Container[Checked] = ()) -> list[int | TallywardError]:
        """Take entries in this order, as one block; see `ports.Ledger`. `proven`: of `proving.Prover`."""
        with self._one_at_a_time, writing(self._file.path, self._patience):
            self._catch_up()
            start = self.machine.size
            now = max(int(self._clock.now().timestamp()), self.machine.time)
            taken, answers = self.machine.take_block(entries, now, proven)
            if taken:
                self._commit(start, taken)
        self._keep_snapshot()
        return answers

    def refresh(self) -> None:
        """Take up the blocks that other processes have added since."""
        with self._one_at_a_time:
            self._catch_up()
        self._keep_snapshot()

    def head(self) -> SignedCheckpoint:
        """The newest signed head."""
        return self._head

    def cosigned(self, signed: SignedCheckpoint) -> None:
        """Keep what witnesses signed of the newest head; see `ports.Ledger`."""
        with self._one_at_a_time, writing(self._file.path, self._patience):
            self._catch_up()
            if signed.head != self._head.head:
                return
            merged = reduce(SignedCheckpoint.with_signature, signed.signatures, self._head)
            try:
                self._file.db.execute("UPDATE head SET note = ? WHERE size = ?", (merged.note(), merged.head.size))
            except sqlite3.Error as error:
                raise UnavailableError("custody.not_durable", problem=str(error)) from error
            self._head = merged

    def receipt(self, number: int) -> Receipt:
        """The proof of an entry under the newest head; refuses with `custody.entry_unknown`."""
        head = self._head
        data = self.entry(number)
        return Receipt(data, number, tuple(merkle.inclusion(self._tree.subtree, number, head.head.size)), head)

    def entry(self, number: int) -> bytes:
        """One entry; refuses with `custody.entry_unknown`."""
        row = self._file.db.execute("SELECT data FROM entry WHERE number = ?", (number,)).fetchone()
        if row is None or number >= self._head.head.size:
            raise NotFoundError("custody.entry_unknown", number=number)
        return bytes(row[0])

    def consistency(self, old: int, new: int) -> list[bytes]:
        """What proves that the tree of `new` entries begins with that of `old`."""
        return merkle.consistency(self._tree.subtree, old, new)

    def entries(self, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """(number, entry) from `begin` to before `end`."""
        return self._file.entries(begin, end)

    def _durable(self) -> None:
        db = self._file.db
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise UnavailableError("custody.not_durable", problem=str(error)) from error

    def _commit(self, start: int, taken: list[bytes], *beside: Statement) -> None:
        """Make a block durable. If that fails the block never was: the file is read again."""
        try:
            self._head = append(self._file, self.machine.origin, start, taken, self._secret, self._tree, *beside)
        except sqlite3.Error as error:
            self.machine, self._head = self._opened()
            raise UnavailableError("custody.not_durable", problem=str(error)) from error

    def _catch_up(self) -> None:
        newest = self._newest_head()
        if newest.head.size == self.machine.size:
            self._head = newest  # witnesses may have signed it since
            return
        if newest.head.size < self.machine.size:
            raise CorruptError("custody.head_differs", size=newest.head.size)
        self._head = self._taken_up(self.machine, self.entries(self.machine.size), newest)

    def _keep_snapshot(self) -> None:
        """Keep a snapshot if there is much that the last one does not have. No other process waits for it."""
        least, share = _SNAPSHOT
        with self._one_at_a_time:
            size = self.machine.size
            if size - self._snapshot_size >= max(least, size // share) and self._snapshots is not None:
                self._snapshot_size = size
                self._snapshots.keep(self.machine)

    def _opened(self) -> tuple[Machine, SignedCheckpoint]:
        """The machine after all entries: from a snapshot where that is proven, else from the start."""
        head = self._newest_head()
        kept = None
        if self._snapshots is not None:
            public, missed = bytes(self._secret.verify_key), head.head.size >= _SNAPSHOT[0]
            kept = self._snapshots.taken_up(self._file, head, public, missed=missed)
        self._snapshot_size = kept.size if kept is not None else 0
        if kept is not None:
            try:
                return kept, self._taken_up(kept, self.entries(kept.size), head)
            except TallywardError:  # what is wrong with entries after it shows again from the start
                self._snapshot_size = 0
        return self._from_the_start()

    def _from_the_start(self) -> tuple[Machine, SignedCheckpoint]:
        """The machine after all entries. Signatures were checked when they came; `audit` checks them again."""
        rows = self.entries()
        first = next(rows, None)
        if first is None:
            raise CorruptError("custody.file_unreadable", file=self._file.path.name, problem="it is empty")
        machine = Machine(first[1])
        return machine, self._taken_up(machine, rows, self._newest_head())

    def _newest_head(self) -> SignedCheckpoint:
        row = self._file.db.execute("SELECT note FROM head ORDER BY size DESC LIMIT 1").fetchone()
        if row is None:
            raise CorruptError("custody.file_unreadable", file=self._file.path.name, problem="it is empty")
        return checkpoint.parse(row[0])

    def _taken_up(
        self, machine: Machine, rows: Iterator[tuple[int, bytes]], head: SignedCheckpoint
    ) -> SignedCheckpoint:
        """Take stored blocks into a machine as far as a head goes, which must be what they say; the head."""
        waiting: list[Entry] = []
        for number, data in rows:
            one = read(data)
            if not isinstance(one.transaction, BlockEnd):
                waiting.append(one)
                continue
            for each in waiting:
                machine.take(machine.judge(each, one.transaction.time, PROVEN_BEFORE))
            waiting.clear()
            if machine.end_block(one.transaction.time) != data or machine.size != number + 1:
                raise CorruptError("custody.state_differs", number=number)
            if machine.size == head.head.size:
                break
        self._tree = Tree(self._file.tile, machine.size)
        if machine.size != head.head.size or self._tree.root() != head.head.root:
            raise CorruptError("custody.head_differs", size=head.head.size)
        return head
