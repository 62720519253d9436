"""What witnesses signed of the newest head of somebody else's copy, kept beside it: one note in a file of our own.

Several processes may keep more of it: each takes the file's lock for that. A note that can't be read counts as none:
witnesses are asked again.
"""

import os
from functools import reduce
from pathlib import Path
from typing import Final

from tallyward.custody import checkpoint
from tallyward.custody.adapters.ledger_file import writing
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.kernel.errors import UnavailableError

_PATIENCE: Final = 10.0
_MOST_BYTES: Final = 64_000


class CosignedFile:
    """The signatures of one head, the last one that any were kept of."""

    def __init__(self, path: Path) -> None:
        """The file may be missing, not its folder."""
        self._path = path

    def merged(self, head: SignedCheckpoint) -> SignedCheckpoint:
        """A head with what was kept of it."""
        try:
            with self._path.open("rb") as file:
                kept = checkpoint.parse(file.read(_MOST_BYTES).decode("utf-8", "replace"))
        except (OSError, MalformedError):
            return head
        return reduce(SignedCheckpoint.with_signature, kept.signatures, head) if kept.head == head.head else head

    def keep(self, signed: SignedCheckpoint) -> SignedCheckpoint:
        """Keep more signatures of a head; the head with all of them. Refuses with `custody.not_durable`."""
        with writing(self._path, _PATIENCE):
            whole = self.merged(signed)
            fresh = self._path.with_suffix(".new")
            try:
                with fresh.open("w", encoding="utf-8") as file:
                    file.write(whole.note())
                    file.flush()
                    os.fsync(file.fileno())
                fresh.replace(self._path)
            except OSError as error:
                raise UnavailableError("custody.not_durable", problem=error.strerror or str(error)) from error
            return whole
