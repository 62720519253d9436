"""A late member's copy as it comes from others, in a file of its own until all of it is there and proven.

Who gives it need not be trusted: the root over all entries must be the one that the chain's validators have signed.
Then this member signs the head with its own key, as after every block. A process that is killed before leaves nothing
that is taken for a ledger.
"""

from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey

from tallyward.custody.adapters.ledger_file import begun, write_entries, write_head
from tallyward.custody.adapters.replicated_ledger import ReplicatedLedger
from tallyward.custody.adapters.snapshot_file import SnapshotFile, sync_folder
from tallyward.custody.copy_chunks import Manifest, entries_of, hash_of, read_manifest
from tallyward.custody.machine import Machine
from tallyward.custody.tiles import Tree
from tallyward.kernel.errors import CorruptError


def promised(manifest: bytes, digest: bytes, chunks: int) -> Manifest | None:
    """What an offer promises; None if it can't be understood."""
    found = read_manifest(manifest) if sha256(manifest).digest() == digest else None
    return found if found is not None and len(found.hashes) == chunks else None


class ReceivedCopy:
    """The copy for `path`, as of a block whose height and log's root are known for sure."""

    def __init__(self, path: Path, manifest: Manifest, height: int, root: bytes) -> None:
        """Nothing came yet; what came for another one is thrown away."""
        self.height = height
        self._path, self._manifest, self._root = path, manifest, root
        self._part = path.with_suffix(".joining")
        self._state = bytearray()
        self._size = 0
        self.came = 0
        with ExitStack() as undo:
            for one in ("", "-wal", "-shm"):
                self._part.with_name(f"{self._part.name}{one}").unlink(missing_ok=True)
            self._file = begun(self._part)
            undo.callback(self._file.close)
            self._undo = undo.pop_all()

    @property
    def whole(self) -> bool:
        """Whether all chunks came."""
        return self.came == len(self._manifest.hashes)

    def close(self) -> None:
        """Let go of the file."""
        self._undo.close()

    def take(self, place: int, chunk: bytes) -> bool:
        """Take the next chunk; whether it is the one that was promised."""
        if place != self.came or self.whole or hash_of(chunk) != self._manifest.hashes[place]:
            return False
        if place < self._manifest.entry_chunks:
            entries = entries_of(chunk)
            self._file.db.execute("BEGIN IMMEDIATE")
            write_entries(self._file, self._size, entries)
            self._file.db.execute("COMMIT")
            self._size += len(entries)
        else:
            self._state += chunk
        self.came += 1
        return True

    def keep(self, secret: SigningKey) -> None:
        """Put the whole copy in its place; refuses with `custody.head_differs` what the root does not prove."""
        tree = Tree(self._file.tile, self._size)
        if self._size != self._manifest.size or tree.root() != self._root:
            raise CorruptError("custody.head_differs", size=self._size)
        genesis = next(self._file.entries())[1]
        db = self._file.db
        db.execute("PRAGMA synchronous = FULL")
        ReplicatedLedger.mark(self._file, self.height, self._size)
        db.execute("BEGIN IMMEDIATE")
        write_head(self._file, Machine(genesis).origin, tree, secret)
        db.execute("COMMIT")
        self.close()
        SnapshotFile(self._path).put(bytes(self._state))
        self._part.rename(self._path)
        sync_folder(self._path.parent)
