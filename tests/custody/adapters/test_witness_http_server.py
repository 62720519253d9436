"""The witness's door: the answers of C2SP tlog-witness, whatever comes in."""

import http.client
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tallyward.custody.adapters import witness_http_server
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_http_server import WitnessServer
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.witness_protocol import Request, parse_signatures
from tests.custody.adapters.witnessing import LOG, WITNESS_KEY, Answer, post, say, serving, store
from tests.custody.test_witness import forged, grow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    with serving(tmp_path) as found:
        yield found


def ask(ledger: SqliteLedger, old: int) -> bytes:
    """The body that asks for the ledger's newest head."""
    head = ledger.head()
    proof = ledger.consistency(old, head.head.size) if 0 < old < head.head.size else []
    return Request(old, tuple(proof), head).body()


def test_the_answers_of_the_specification(open_ledger: Callable[[], SqliteLedger], server: WitnessServer) -> None:
    ledger = open_ledger()
    first = ledger.head()
    start = first.head.size
    good = post(server, ask(ledger, 0))
    assert good.status == 200
    (line,) = parse_signatures(first, good.body.encode())
    assert SignedCheckpoint(first.head, (line,)).signed_by([WITNESS_KEY])

    new = grow(ledger, "A")
    size = new.head.size
    assert post(server, ask(ledger, 0)) == (409, "text/x.tlog.size", f"{start}\n")
    assert post(server, Request(start, (bytes(32),), new).body()).status == 422
    assert post(server, Request(start, (), new).body()).status == 422
    assert post(server, Request(size + 1, (), new).body()).status == 400
    assert post(server, Request(start, (), forged(size, new.head.root, "op")).body()).status == 403
    unknown = replace(new, head=replace(new.head, origin="unknown.example"))
    assert post(server, Request(start, (), unknown).body()).status == 404
    assert post(server, ask(ledger, start)).status == 200
    assert post(server, ask(ledger, size)).status == 200
    fork = post(server, Request(size, (), forged(size)).body())
    assert fork.status == 409
    assert fork.kind != "text/x.tlog.size"
    assert post(server, Request(0, (), forged(size)).body()) == (409, "text/x.tlog.size", f"{size}\n")
    assert post(server, Request(start, (), first).body()) == (409, "text/x.tlog.size", f"{size}\n")
    assert len(server.store.proofs()) == 1
    last = server.store.last(LOG.name)
    assert last is not None
    assert last.head == new.head


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "POST", 404), ("/add-checkpoint/", "POST", 404), ("/add-checkpoint", "GET", 501), ("/x", "DELETE", 501)],
)
def test_nothing_else_is_here(server: WitnessServer, path: str, method: str, status: int) -> None:
    assert post(server, b"", path, method).status == status


def test_hostile_bodies_are_refused_and_the_server_lives(
    open_ledger: Callable[[], SqliteLedger], server: WitnessServer, capfd: pytest.CaptureFixture[str]
) -> None:
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
    for raw, status in (
        (head + b"\r\n", 411),
        (head + b"Content-Length: -1\r\n\r\n", 411),
        (head + b"Content-Length: 1e3\r\n\r\n", 411),
        (head + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 411),
        (head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (head + b"Content-Length: 99999999\r\n\r\n", 413),
        (head + b"Content-Length: 70001\r\n\r\n", 413),
        (head + b"Content-Length: 3\r\n\r\n\xff\xfe\xfd", 400),
        (b"\x16\x03\x01" + bytes(500) + b"\r\n\r\n", 400),
        (b"POST /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (head + b"X: y\r\n" * 200 + b"\r\n", 431),
    ):
        answer = say(server, raw)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), (raw[:80], answer[:80])
        assert b"<" not in answer
        assert b"Python" not in answer
    assert say(server, head + b"Content-Length: 100\r\n\r\nshort") == b""
    chance = random.Random(4)
    whole = ask(open_ledger(), 0)
    for _ in range(200):
        at = chance.randrange(len(whole))
        changed = whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        assert post(server, changed).status in {400, 403, 404}
    assert server.store.last(LOG.name) is None
    assert post(server, whole).status == 200
    assert capfd.readouterr() == ("", "")


def test_racing_requests_never_roll_it_back(
    open_ledger: Callable[[], SqliteLedger], server: WitnessServer, tmp_path: Path
) -> None:
    ledger = open_ledger()
    old = ledger.head().head.size
    assert post(server, ask(ledger, 0)).status == 200
    for turn in range(6):
        bodies = []
        for step in range(4):
            new = grow(ledger, f"{turn}-{step}")
            bodies += [ask(ledger, old), Request(old, (), forged(new.head.size)).body()]
        random.Random(turn).shuffle(bodies)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda body: post(server, body), bodies))
        assert sum(answer.status == 200 for answer in answers) == 1
        last = server.store.last(LOG.name)
        assert last is not None
        assert last.head.size > old
        assert ledger.consistency(last.head.size, ledger.head().head.size) is not None
        old = last.head.size
    assert store(tmp_path).last(LOG.name) == last


def test_a_connection_carries_several_requests(open_ledger: Callable[[], SqliteLedger], server: WitnessServer) -> None:
    body = ask(open_ledger(), 0)
    host, port = server.server_address[:2]
    connection = http.client.HTTPConnection(str(host), int(port), timeout=10)
    connection.request("POST", "/add-checkpoint", body)
    assert connection.getresponse().read().startswith("— ".encode())
    held = connection.sock
    connection.request("POST", "/add-checkpoint", body)
    assert connection.getresponse().read().endswith(b"\n")
    assert connection.sock is held
    connection.close()


def test_those_who_say_nothing_take_no_place_for_long(
    open_ledger: Callable[[], SqliteLedger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_http_server, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(witness_http_server, "_LONGEST_SECONDS", 0.3)
    body = ask(open_ledger(), 0)
    with serving(tmp_path) as server:
        host, port = server.server_address[:2]
        silent = [socket.create_connection((str(host), int(port)), timeout=10) for _ in range(2)]
        for one in silent:
            one.sendall(b"POST /add-checkpoint HTTP/1.1\r\n")
        assert [one.recv(1) for one in silent] == [b"", b""]
        answer = patiently(server, body)
        for one in silent:
            one.close()
        assert answer.status == 200


def patiently(server: WitnessServer, body: bytes) -> Answer:
    """What it answers once a place is free, which is some moments after a connection was cut."""
    until = time.monotonic() + 10
    while True:
        try:
            return post(server, body)
        except ConnectionError:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_it_listens_on_loopback(server: WitnessServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
