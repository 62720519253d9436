"""Where the sealed proof of a request for activation goes: the vault, or a file for an operator elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tallyward.custody import real_name
from tallyward.custody.adapters.private_file import write_private
from tallyward.custody.entry import Entry
from tallyward.custody.kept import Kept
from tallyward.kernel.errors import ConflictError
from tallyward.wiring.custody.ledger import Custody


@contextmanager
def proof_kept(opened: Custody, asked: Entry, kept: Sequence[Kept], out: Path | None) -> Iterator[Callable[[], None]]:
    """The proof, durable while the block hands the request in; gives its undoing.

    In `out` alone if that is told: what the operator forgets must not stay readable in a vault elsewhere. Refuses to
    write over a file with `custody.ledger_exists`.
    """
    if out is None:
        with opened.vault() as vault:
            vault.keep(kept)
            yield lambda: vault.erase([one.envelope.id for one in kept])
        return
    try:
        write_private(out, real_name.packed(asked, kept))
    except FileExistsError:
        raise ConflictError("custody.ledger_exists", file=out.name) from None
    yield out.unlink


def read_proof(path: Path, asked: Entry) -> list[Kept]:
    """The proof of a request out of such a file; refuses as `real_name.unpacked` does."""
    with path.open("rb") as file:
        return real_name.unpacked(file.read(real_name.MOST + 1), asked)
