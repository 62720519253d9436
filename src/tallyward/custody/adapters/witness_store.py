"""What a witness remembers of several logs: a file of heads for each, and a file for each proof that a log lied."""

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tallyward.custody.adapters.witness_file import WitnessFile
from tallyward.custody.checkpoint import NoteKey, NoteSignature, SignedCheckpoint
from tallyward.custody.note_keys import NoteSecret
from tallyward.custody.witness import Equivocation, ForkedError, Witness
from tallyward.custody.witness_protocol import Request
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import NotFoundError


class WitnessStore:
    """A witness of several logs in a folder, by their origins."""

    def __init__(self, folder: Path, witness: NoteSecret, logs: Iterable[NoteKey], clock: Clock) -> None:
        """Begin or go on."""
        self.folder = folder
        self._logs = {log.name: log for log in logs}
        self._files = {
            log.name: WitnessFile(folder / f"{_name(log)}.heads", Witness(witness.key.name, witness.secret, log), clock)
            for log in self._logs.values()
        }

    def add(self, request: Request) -> NoteSignature:
        """The cosignature of a head.

        Refuses with `custody.log_unknown` and all that `WitnessFile.add` refuses; two views are written down before.
        """
        origin = request.head.head.origin
        log = self._logs.get(origin)
        if log is None:
            raise NotFoundError("custody.log_unknown", origin=origin[:100])
        try:
            return self._files[origin].add(_bare(request.head, log), request.proof, request.old).signatures[-1]
        except ForkedError as error:
            self._write(log, error.proof)
            raise

    def last(self, origin: str) -> SignedCheckpoint | None:
        """The head of a log that was signed last."""
        return self._files[origin].last()

    def proofs(self) -> list[Path]:
        """The files that prove that a log signed two views."""
        return sorted(self.folder.glob("*.equivocation"))

    def _write(self, log: NoteKey, proof: Equivocation) -> None:
        """One file for a size, whole or not at all: the same two views again say nothing new."""
        path = self.folder / f"{_name(log)}-{proof.one.head.size}.equivocation"
        if path.exists():
            return
        part = path.with_suffix(f".part-{os.getpid()}-{id(proof)}")
        with part.open("w", encoding="utf-8") as file:
            file.write(proof.text())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def _name(log: NoteKey) -> str:
    """An origin can hold any character: a file is named by its hash."""
    return sha256(log.name.encode()).hexdigest()[:32]


def _bare(head: SignedCheckpoint, log: NoteKey) -> SignedCheckpoint:
    """Without signatures of others, which strangers could add to fill the disk."""
    return SignedCheckpoint(
        head.head, tuple(one for one in head.signatures if (one.name, one.key) == (log.name, log.id))
    )
