"""A member's copy of a ledger that several validators agree on: the same file, written a decided block at a time.

A block is judged in memory when it is decided, and made durable with its height in one commit when CometBFT says so: a
process that is killed between the two opens at the block before, and is given the block again.
"""

from collections.abc import Container, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody import merkle
from tallyward.custody.adapters.ledger_file import LedgerFile, writing
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.authority import Purpose
from tallyward.custody.machine import Checked
from tallyward.custody.tiles import Tile, Tree, grown
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError, ForbiddenError, TallywardError

_HEIGHT: Final = """
CREATE TABLE IF NOT EXISTS chain (one INTEGER PRIMARY KEY CHECK (one = 1), height INTEGER NOT NULL,
  size INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS snapshot (one INTEGER PRIMARY KEY CHECK (one = 1), height INTEGER NOT NULL,
  size INTEGER NOT NULL) STRICT;
"""
_AT: Final = "INSERT OR REPLACE INTO chain VALUES (1, ?, ?)"


@dataclass(frozen=True, slots=True)
class Block:
    """A decided block. `answers`: of each transaction its number, or why it is refused; `root`: of the log after it.

    `validators`: power by public key of those that the block changes; 0: it is none any more.
    """

    height: int
    start: int
    taken: tuple[bytes, ...]
    answers: tuple[int | TallywardError, ...]
    root: bytes
    validators: dict[bytes, int]


class ReplicatedLedger(SqliteLedger):
    """See `SqliteLedger`; entries come by `decide` and `keep` alone. `height`: of the last block, 0 before it."""

    def __init__(self, path: Path, secret: SigningKey, clock: Clock) -> None:
        """Open a copy that is there. `secret`: this member's key, which signs the heads that its receipts end in."""
        with ExitStack() as alone:
            alone.enter_context(writing(path, 0))  # two nodes on one copy would vote twice
            super().__init__(path, secret, clock)
            self._file.db.executescript(_HEIGHT)
            row = self._file.db.execute("SELECT height, size FROM chain").fetchone()
            self.height = row[0] if row else 0
            if row and row[1] != self.machine.size:  # written by somebody alone
                super().close()
                raise CorruptError("custody.head_differs", size=row[1])
            self._alone = alone.pop_all()
        self._decided: Block | None = None
        self._note_snapshot()

    @staticmethod
    def mark(file: LedgerFile, height: int, size: int) -> None:
        """Write at which height a copy stands that came whole from others."""
        file.db.executescript(_HEIGHT)
        file.db.execute(_AT, (height, size))

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._alone.close()

    @property
    def root(self) -> bytes:
        """Of the log as it is kept."""
        return self.head().head.root

    @property
    def validators(self) -> dict[bytes, int]:
        """Power by public key: one for each member that has a key to validate with."""
        rows = self.machine.state.keys.rows.values()
        return {row.public: 1 for row in rows if row.purposes & Purpose.VALIDATE and not row.gone}

    def submit(self, entries: Sequence[bytes], proven: Container[Checked] = ()) -> list[int | TallywardError]:  # noqa: ARG002
        """Refuse: nothing is written that was not agreed on."""
        raise ForbiddenError("custody.agreement_missing", entries=len(entries))

    def decide(self, entries: Sequence[bytes], height: int, time: int, proven: Container[Checked] = ()) -> Block:
        """What a block does to the ledger, in memory only. `time`: of its header, in seconds since 1970."""
        self.forget()
        machine, start, before = self.machine, self.machine.size, self.validators
        taken, answers = machine.take_block(entries, max(time, machine.time), proven)
        after = self.validators
        changed = {one: power for one, power in after.items() if one not in before}
        changed |= {one: 0 for one in before if one not in after}
        self._decided = Block(height, start, tuple(taken), tuple(answers), self._root_with(start, taken), changed)
        return self._decided

    def keep(self) -> None:
        """Make the decided block durable, and its height with it."""
        if (block := self._decided) is None:
            return
        mark = (_AT, (block.height, block.start + len(block.taken)))
        if block.taken:
            self._commit(block.start, list(block.taken), mark)
        else:
            self._file.db.execute(*mark)
        self.height, self._decided = block.height, None
        before = self._snapshot_size
        self._keep_snapshot()
        if self._snapshot_size != before:
            self._note_snapshot()

    @property
    def snapshot_at(self) -> tuple[int, int] | None:
        """(height, entries) of the newest snapshot."""
        row = self._file.db.execute("SELECT height, size FROM snapshot").fetchone()
        return (row[0], row[1]) if row else None

    def snapshot(self) -> bytes:
        """The newest snapshot's bytes; empty if there is none."""
        return self._snapshots.read() if self._snapshots is not None else b""

    def _note_snapshot(self) -> None:
        """Note the height of the snapshot, if it is of now: of one that was noted before, the first height stays."""
        if (size := self._snapshot_size) == self.machine.size:
            self._file.db.execute("INSERT OR IGNORE INTO snapshot VALUES (1, ?, ?)", (self.height, size))
            self._file.db.execute("UPDATE snapshot SET height = ?, size = ? WHERE size < ?", (self.height, size, size))

    def forget(self) -> None:
        """Go back to what is kept: a block was decided and never kept."""
        if self._decided is not None and self._decided.taken:
            self.machine, self._head = self._opened()
        self._decided = None

    def _root_with(self, start: int, taken: list[bytes]) -> bytes:
        changed: dict[Tile, bytes] = grown(self._file.tile, start, map(merkle.leaf_hash, taken))
        return Tree(
            lambda level, number: changed.get((level, number)) or self._file.tile(level, number), start + len(taken)
        ).root()
