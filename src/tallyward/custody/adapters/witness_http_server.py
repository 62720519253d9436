"""A witness that logs reach over HTTP (C2SP tlog-witness `add-checkpoint`), on the standard library's server.

It listens on loopback unless told otherwise, and speaks plain HTTP: towards others put a proxy with TLS before it.
Strangers may ask; only heads that a known log has signed cost more than reading them.
"""

import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tallyward.custody.adapters.witness_store import WitnessStore
from tallyward.custody.witness import ForkedError, OldSizeError
from tallyward.custody.witness_protocol import MOST_BYTES, PATH, SIZE_TYPE, Request, parse_request
from tallyward.kernel.errors import TallywardError

MOST_CONNECTIONS: Final = 64
_LONGEST_SECONDS: Final = 30.0
_TEXT: Final = "text/plain; charset=utf-8"
_BAD_REQUEST: Final = frozenset({"custody.witness_request", "custody.old_size_invalid"})


class WitnessServer(ThreadingHTTPServer):
    """Serves a store on an address; `serve_forever` and `shutdown` are the standard server's."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, store: WitnessStore, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. `OSError` where the address can't be had."""
        self.store = store
        self._slots = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Where it is reached."""
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the standard server's types
        """Take a connection, unless there are too many."""
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Serve a connection, for a while: one that says its words slowly takes no place from others for long."""
        timer = threading.Timer(_LONGEST_SECONDS, _cut, (request,))
        timer.daemon = True
        timer.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            timer.cancel()
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A connection that broke is the other side's affair."""


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = default_request_version = "HTTP/1.1"  # what is no HTTP at all gets an answer too
    timeout = 10
    wbufsize = -1  # an answer leaves as one piece: in two, the second waits for the other side's word (Nagle)
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """The one thing it is asked for."""
        length, *more = self.headers.get_all("Content-Length", [""])
        plain = length.isascii() and length.isdigit() and len(length) < 10  # noqa: PLR2004
        if more or "Transfer-Encoding" in self.headers or not plain:
            self._answer(HTTPStatus.LENGTH_REQUIRED, "Give the length of the body.\n", close=True)
        elif int(length) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MOST_BYTES} bytes.\n", close=True)
        else:
            body = self.rfile.read(int(length))
            if self.path != PATH:
                self._answer(HTTPStatus.NOT_FOUND, f"Only {PATH} is here.\n")
            elif len(body) == int(length):
                self._add(body)

    def _add(self, body: bytes) -> None:
        request = None
        try:
            request = parse_request(body)
            self._answer(HTTPStatus.OK, self.server.store.add(request).line())
        except OldSizeError as error:
            self._answer(HTTPStatus.CONFLICT, f"{error.size}\n", SIZE_TYPE)
        except ForkedError as error:
            self._tell_fork(request, error)
        except TallywardError as error:
            status = HTTPStatus.BAD_REQUEST if error.code in _BAD_REQUEST else HTTPStatus(error.status)
            self._answer(status, f"{error.sentence('en')}\n")

    def _tell_fork(self, request: Request | None, error: ForkedError) -> None:
        """Two views; where the request began at another size than the one signed last, the protocol asks for that."""
        last = self.server.store.last(error.proof.one.head.origin)
        if request and last and request.old != last.head.size:
            self._answer(HTTPStatus.CONFLICT, f"{last.head.size}\n", SIZE_TYPE)
        else:
            self._answer(HTTPStatus.CONFLICT, f"{error.sentence('en')}\n")

    def _answer(self, status: HTTPStatus, text: str, kind: str = _TEXT, *, close: bool = False) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard server itself refuses: in plain text, without repeating the asker's words."""
        del message, explain
        self._answer(HTTPStatus(code), f"{HTTPStatus(code).phrase}\n", close=True)

    def version_string(self) -> str:
        """No version is told."""
        return "tallyward"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard server's name
        """Nothing: words of strangers are no log."""
