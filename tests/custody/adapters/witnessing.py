"""A witness over HTTP for tests."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from tallyward.custody.adapters.witness_http_server import WitnessServer
from tallyward.custody.adapters.witness_store import WitnessStore
from tallyward.custody.checkpoint import WITNESS, NoteKey
from tallyward.custody.note_keys import secret_of
from tallyward.kernel.clock import FixedClock
from tests.custody.chain import KEYS, ORIGIN, START, public

LOG = NoteKey(ORIGIN, public("log"))
OTHER_LOG = NoteKey("other.example/log", public("op2"))
WITNESS_KEY = NoteKey("witness.example/w1", public("stranger"), WITNESS)


def store(folder: Path) -> WitnessStore:
    """Of two logs."""
    own = secret_of(WITNESS_KEY.name, KEYS["stranger"], WITNESS)
    return WitnessStore(folder, own, [LOG, OTHER_LOG], FixedClock(START))


@contextmanager
def serving(folder: Path) -> Iterator[WitnessServer]:
    """A server of that store."""
    server = WitnessServer(store(folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Answer(NamedTuple):
    status: int
    kind: str | None
    body: str


def post(server: WitnessServer, body: bytes, path: str = "/add-checkpoint", method: str = "POST") -> Answer:
    """What it answers."""
    host, port = server.server_address[:2]
    connection = HTTPConnection(str(host), int(port), timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers["Content-Type"], answer.read().decode())
    finally:
        connection.close()


def say(server: WitnessServer, raw: bytes) -> bytes:
    """What it answers to bytes of any kind."""
    host, port = server.server_address[:2]
    with socket.create_connection((str(host), int(port)), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(4096):
            found += piece
        return found
