"""A witness on another disk or host: a file to which the heads that it signed are appended, one after another.

Reading the last head, checking the new one and writing it are one step under a lock: two requests at once can't make
the witness sign back. A head counts once it is on the disk; a line that a crash cut short is not there. Heads lie in
ascending order, so any that was ever signed is found by halving: a log that was rolled back and grew again in another
way is proven to have signed two views, however long ago the first was signed.
"""

import fcntl
import json
import mmap
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final, Self

from tallyward.custody import checkpoint
from tallyward.custody.checkpoint import NoteKey, NoteSignature, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.custody.witness import OldSizeError, Witness
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError, UnavailableError

_TRIES: Final = 4


class WitnessFile:
    """Signs heads of one log, and remembers them; see `ports.CosigningWitness`."""

    def __init__(self, path: Path, witness: Witness, clock: Clock) -> None:
        """Begin or go on with a file."""
        self._path = path
        self._witness = witness
        self._clock = clock

    @property
    def key(self) -> NoteKey:
        """By which its cosignatures are known."""
        return self._witness.key

    def cosign(self, head: SignedCheckpoint, proof_from: Callable[[int], Sequence[bytes]]) -> NoteSignature:
        """Its signature of a head; see `ports.CosigningWitness`."""
        last = self.last()
        old = last.head.size if last else 0
        for _ in range(_TRIES):
            if old > head.head.size:
                break
            try:
                return self.add(head, proof_from(old) if 0 < old < head.head.size else (), old).signatures[-1]
            except OldSizeError as error:  # somebody was faster
                old = error.size
        return self.add(head, ()).signatures[-1]

    def add(self, new: SignedCheckpoint, proof: Sequence[bytes], old: int | None = None) -> SignedCheckpoint:
        """Sign a head that continues the last one; see `Witness`. It is remembered before it is given out.

        `old`: where the proof begins, as the asker believes. Refuses with `custody.witness_not_durable` too.
        """
        try:
            with self._path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                return self._added(file, new, proof, old)
        except OSError as error:
            raise UnavailableError("custody.witness_not_durable", problem=error.strerror or str(error)) from error

    def last(self) -> SignedCheckpoint | None:
        """The head signed last; None if none was."""
        if not self._path.exists():
            return None
        with self._path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            with _Heads(file, self._path.name) as heads:
                return heads.last()

    def _added(
        self, file: IO[bytes], new: SignedCheckpoint, proof: Sequence[bytes], old: int | None
    ) -> SignedCheckpoint:
        with _Heads(file, self._path.name) as heads:
            last, seen, whole = heads.last(), heads.of_size(new.head.size), heads.end
        self._witness.meets(new, last, seen, old)
        signed = self._witness.cosigned(last, new, proof, int(self._clock.now().timestamp()))
        if last is None or last.head != new.head:  # else nothing is new, and the file need not grow
            file.truncate(whole)  # what a crash left behind the last whole line
            file.write(json.dumps(signed.note()).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            if last is None:
                _sync_folder(self._path.parent)
        return signed


class _Heads:
    """The whole lines of a file, each a head, by ascending size."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._name = name
        size = os.fstat(file.fileno()).st_size
        self._data = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else None
        self.end = self._data.rfind(b"\n") + 1 if self._data else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._data:
            self._data.close()

    def last(self) -> SignedCheckpoint | None:
        """The newest."""
        return self._around(self.end - 1)[0] if self.end else None

    def of_size(self, size: int) -> SignedCheckpoint | None:
        """The one of a size, if there is one."""
        low, high = 0, self.end
        while low < high:
            head, begin, end = self._around((low + high) // 2)
            if head.head.size == size:
                return head
            low, high = (end, high) if head.head.size < size else (low, begin)
        return None

    def _around(self, at: int) -> tuple[SignedCheckpoint, int, int]:
        """(head, begin, end) of the line in which a byte lies."""
        data = self._data or b""
        begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at) + 1
        try:
            return checkpoint.parse(json.loads(data[begin:end])), begin, end
        except (ValueError, MalformedError, TypeError) as error:
            raise CorruptError("custody.file_unreadable", file=self._name, problem=str(error)) from error


def _sync_folder(folder: Path) -> None:
    """A file that is new is on the disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
