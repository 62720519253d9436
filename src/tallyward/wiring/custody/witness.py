"""A witness as a process: its key file, its folder, its listener; and a ledger that asks witnesses."""

import errno
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nacl.signing import SigningKey

from tallyward.custody.adapters.private_file import write_private
from tallyward.custody.adapters.witness_http import WitnessHttp
from tallyward.custody.adapters.witness_http_server import WitnessServer
from tallyward.custody.adapters.witness_store import WitnessStore
from tallyward.custody.adapters.witnesses import Cosigned, Witnesses
from tallyward.custody.checkpoint import LOG, WITNESS
from tallyward.custody.note_keys import NoteSecret, parse_key, parse_secret, secret_of, secret_text
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import ForbiddenError, NotFoundError, UnavailableError
from tallyward.wiring.custody.ledger import Custody
from tallyward.wiring.folder import holding

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_secret(path: Path) -> NoteSecret:
    """A witness's secret key; refuses a file that others can read (`custody.file_too_open`) or that is none."""
    if not path.is_file():
        raise NotFoundError("custody.witness_key_missing", file=path.name)
    if path.stat().st_mode & _OTHERS:
        raise ForbiddenError("custody.file_too_open", file=path.name)
    return parse_secret(path.read_bytes()[:1024].decode("utf-8", "replace"), WITNESS)


def make_secret(path: Path, name: str) -> NoteSecret:
    """A new secret key in a file of its owner alone; never writes over one (`FileExistsError`)."""
    one = secret_of(name, SigningKey.generate(), WITNESS)
    write_private(path, secret_text(one).encode())
    return one


def cosigned(opened: Custody, witnesses: Sequence[tuple[str, str]]) -> Cosigned:
    """The newest head with what witnesses, (address, key), say to it; kept, so that receipts under it carry it."""
    asked = [WitnessHttp(url, parse_key(key, WITNESS)) for url, key in witnesses]
    ledger = opened.service.ledger
    found = Witnesses(asked).cosigned(ledger)
    ledger.cosigned(found.head)
    return found


@contextmanager
def witnessing(witness: NoteSecret, log_keys: Sequence[str], folder: Path, host: str, port: int) -> Iterator[str]:
    """Answer logs while the block runs; gives the address. One process holds the folder (`wiring.folder_in_use`)."""
    logs = [parse_key(text, LOG) for text in log_keys]
    with holding(folder, "witness"):
        server = _listening(WitnessStore(folder, witness, logs, SystemClock()), host, port)
        thread = threading.Thread(target=server.serve_forever, name="witness", daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _listening(store: WitnessStore, host: str, port: int) -> WitnessServer:
    try:
        return WitnessServer(store, host, port)
    except OSError as wrong:
        if wrong.errno == errno.EADDRINUSE:
            raise UnavailableError("wiring.port_in_use", host=host, port=port) from wrong
        raise UnavailableError("wiring.address_unusable", host=host, reason=wrong.strerror or str(wrong)) from wrong
