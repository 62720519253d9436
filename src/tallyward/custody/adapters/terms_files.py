"""Terms of sales that were offered here, with their salts: a file of its owner's alone each."""

from pathlib import Path

from tallyward.custody import sale_terms
from tallyward.custody.adapters.private_file import write_private
from tallyward.custody.codec import MalformedError
from tallyward.custody.sale_terms import Terms
from tallyward.kernel.errors import CorruptError, NotFoundError
from tallyward.kernel.secret import Secret


class TermsFiles:
    """Kept by the hash that the ledger has of them."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder, which may be missing."""
        self._folder = folder

    def keep(self, terms: Secret[Terms]) -> bytes:
        """Keep terms; durable afterwards. Gives their hash."""
        plain = terms.reveal()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path(plain.hash()), plain.bytes())
        return plain.hash()

    def drop(self, terms: bytes) -> None:
        """Forget the terms of a sale that the ledger refused."""
        self._path(terms).unlink(missing_ok=True)

    def find(self, terms: bytes) -> Secret[Terms]:
        """The terms of a hash; refuses with `custody.no_terms`."""
        path = self._path(terms)
        try:
            found = sale_terms.parse(path.read_bytes())
        except FileNotFoundError:
            raise NotFoundError("custody.no_terms") from None
        except MalformedError as error:
            raise CorruptError("custody.file_unreadable", file=path.name, problem=str(error)) from error
        return Secret(found)

    def _path(self, terms: bytes) -> Path:
        return self._folder / f"{terms.hex()}.terms"
