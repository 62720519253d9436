"""A witness on another disk or host: a file to which the heads that it signed are appended, one after another.

Reading the last head, checking the new one and writing it are one step under a lock: two requests at once can't make
the witness sign back. A head counts once it is on the disk; a line that a crash cut short is not there.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path

from tallyward.custody import checkpoint
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.custody.witness import Witness
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError


class WitnessFile:
    """Signs heads of one log, and remembers them."""

    def __init__(self, path: Path, witness: Witness, clock: Clock) -> None:
        """Begin or go on with a file."""
        self._path = path
        self._witness = witness
        self._clock = clock

    def add(self, new: SignedCheckpoint, proof: Sequence[bytes]) -> SignedCheckpoint:
        """Sign a head that continues the last one; see `Witness.cosigned`. It is remembered before it is given out."""
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = self._last(file.fileno())
            signed = self._witness.cosigned(last, new, proof, int(self._clock.now().timestamp()))
            file.write(json.dumps(signed.note()).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return signed

    def last(self) -> SignedCheckpoint | None:
        """The head signed last; None if none was."""
        if not self._path.exists():
            return None
        with self._path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return self._last(file.fileno())

    def _last(self, file: int) -> SignedCheckpoint | None:
        """The last whole line; what a crash left behind it is cut off when the next head comes."""
        data = os.pread(file, os.fstat(file).st_size, 0)
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data) and os.access(self._path, os.W_OK):
            os.truncate(self._path, len(whole))
        lines = whole.splitlines()
        if not lines:
            return None
        try:
            return checkpoint.parse(json.loads(lines[-1]))
        except (ValueError, MalformedError, TypeError) as error:
            raise CorruptError("custody.file_unreadable", file=self._path.name, problem=str(error)) from error
