"""Asking a witness over HTTP: what it tells is used, and believed in nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tallyward.custody import checkpoint
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_http import WitnessHttp
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.kernel.errors import TallywardError
from tests.custody.adapters.witnessing import WITNESS_KEY, serving
from tests.custody.chain import KEYS, NOW
from tests.custody.test_witness import forged, grow


def proofs(ledger: SqliteLedger) -> Callable[[int], list[bytes]]:
    return lambda old: ledger.consistency(old, ledger.head().head.size)


def test_a_witness_that_is_behind_or_unknown_is_brought_up(
    open_ledger: Callable[[], SqliteLedger], tmp_path: Path
) -> None:
    ledger = open_ledger()
    with serving(tmp_path) as server:
        known = WitnessHttp(server.url, WITNESS_KEY)
        for turn in range(4):
            head = grow(ledger, f"A{turn}")
            for asked in (known, WitnessHttp(server.url + "/", WITNESS_KEY)):
                one = asked.cosign(head, proofs(ledger))
                assert SignedCheckpoint(head.head, (one,)).signed_by([WITNESS_KEY])
            for step in range(turn):
                grow(ledger, f"B{turn}-{step}")


def test_a_log_that_was_put_back_or_forked_gets_no_signature(
    open_ledger: Callable[[], SqliteLedger], tmp_path: Path
) -> None:
    ledger = open_ledger()
    old = ledger.head()
    new = grow(ledger, "A")
    with serving(tmp_path) as server:
        WitnessHttp(server.url, WITNESS_KEY).cosign(new, proofs(ledger))
        for head, code in (
            (old, "custody.head_stale"),
            (forged(new.head.size), "custody.witness_refused"),
            (forged(new.head.size, key="op"), "custody.witness_refused"),
            (forged(old.head.size), "custody.head_stale"),
        ):
            with pytest.raises(TallywardError) as caught:
                WitnessHttp(server.url, WITNESS_KEY).cosign(head, proofs(ledger))
            assert caught.value.code == code
        assert len(server.store.proofs()) == 1


@contextmanager
def answering(status: int, kind: str, body: bytes, drip: float = 0) -> Iterator[str]:
    """A witness that says one thing to all."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            for at in range(len(body)) if drip else ():
                self.wfile.write(body[at : at + 1])
                time.sleep(drip)
            self.wfile.write(b"" if drip else body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


HEAD = forged(9)
WRONG = checkpoint.cosign(forged(8).head, WITNESS_KEY.name, KEYS["stranger"], NOW).line().encode()
RIGHT = checkpoint.cosign(HEAD.head, WITNESS_KEY.name, KEYS["stranger"], NOW).line().encode()
OTHER = checkpoint.cosign(HEAD.head, "somebody", KEYS["op"], NOW).line().encode()


@pytest.mark.parametrize(
    ("status", "kind", "body", "code"),
    [
        (200, "text/plain", b"", "custody.witness_answer"),
        (200, "text/plain", b"\xff\xff", "custody.witness_answer"),
        (200, "text/plain", b"<html>", "custody.witness_answer"),
        (200, "text/plain", WRONG, "custody.witness_answer"),
        (200, "text/plain", OTHER, "custody.witness_answer"),
        (200, "text/plain", b"x" * 1_000_000, "custody.witness_answer"),
        (409, "text/x.tlog.size", b"nine\n", "custody.witness_answer"),
        (409, "text/x.tlog.size", b"-1\n", "custody.witness_answer"),
        (409, "text/x.tlog.size", b"9" * 19 + b"\n", "custody.head_stale"),
        (409, "text/x.tlog.size", b"3\n", "custody.witness_refused"),
        (409, "text/plain", b"3\n", "custody.witness_refused"),
        (422, "text/plain", b"no", "custody.witness_refused"),
        (302, "text/plain", b"", "custody.witness_refused"),
        (500, "text/plain", b"", "custody.witness_refused"),
    ],
)
def test_hostile_answers_are_refused(status: int, kind: str, body: bytes, code: str) -> None:
    with answering(status, kind, body) as url, pytest.raises(TallywardError) as caught:
        WitnessHttp(url, WITNESS_KEY).cosign(HEAD, lambda _: [bytes(32)])
    assert caught.value.code == code


def test_only_the_line_of_its_key_is_taken() -> None:
    with answering(200, "text/plain", OTHER + WRONG + RIGHT) as url:
        assert WitnessHttp(url, WITNESS_KEY).cosign(HEAD, lambda _: []).line().encode() == RIGHT


def test_a_witness_that_drips_or_is_gone_is_given_up() -> None:
    with answering(200, "text/plain", b"x" * 1000, drip=0.05) as url, pytest.raises(TallywardError) as caught:
        WitnessHttp(url, WITNESS_KEY, seconds=0.3).cosign(HEAD, lambda _: [])
    assert caught.value.code == "custody.witness_answer"
    with pytest.raises(TallywardError, match="witness_unreachable"):
        WitnessHttp(url, WITNESS_KEY).cosign(HEAD, lambda _: [])
    for bad in ("ftp://x/", "file:///etc/passwd", "x", "http://"):
        with pytest.raises(TallywardError, match="witness_url"):
            WitnessHttp(bad, WITNESS_KEY)
