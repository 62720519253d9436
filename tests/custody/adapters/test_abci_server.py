"""The socket: questions of CometBFT in, answers in their order; what is not understood ends the line and not the node."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tallyward.custody.adapters.abci_messages import Ask
from tallyward.custody.adapters.abci_server import KEY, LEDGER, SOCKET, AbciServer
from tallyward.custody.adapters.abci_wire import Frames, framed, message, read_fields
from tallyward.custody.adapters.key_file import make_key
from tests.custody.chain import KEYS
from tests.custody.validators import application, begun, lot

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def question(ask: Ask, *fields: tuple[int, int | bytes | str | list[bytes]]) -> bytes:
    return framed(message((int(ask), [message(*fields)])))


async def answers(reader: asyncio.StreamReader, count: int) -> list[tuple[int, bytes]]:
    """(kind, body) of so many answers; fewer if the line ends."""
    frames = Frames()
    found: list[tuple[int, bytes]] = []
    while len(found) < count and (data := await asyncio.wait_for(reader.read(1 << 16), 20)):
        for frame in frames.feed(data):
            (kind, body), *_ = read_fields(frame)
            assert isinstance(body, bytes)
            found.append((kind, body))
    return found


def served(place: Path, talk: Callable[[Callable[[], Awaitable[Line]]], Awaitable[None]]) -> bool:
    """Talk to a server; whether it stopped by itself."""

    async def run() -> bool:
        app = application(place)
        begun(app)
        server = AbciServer(app)
        serving = asyncio.create_task(server.serve(str(place / SOCKET)))
        while not (place / SOCKET).exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
        await talk(lambda: asyncio.open_unix_connection(str(place / SOCKET)))
        stopped = server.stopped.is_set()
        server.stopped.set()
        await serving
        app.close()
        return stopped

    return asyncio.run(run())


def test_four_lines_are_answered_each_in_its_order(place: Path) -> None:
    async def talk(connect: Callable[[], Awaitable[Line]]) -> None:
        lines = [await connect() for _ in range(4)]
        for number, (_, writer) in enumerate(lines):
            asked = question(Ask.ECHO, (1, f"line {number}")) + question(Ask.INFO) + question(Ask.FLUSH)
            for at in range(len(asked)):
                writer.write(asked[at : at + 1])
        for number, (reader, writer) in enumerate(lines):
            found = await answers(reader, 3)
            assert [kind for kind, _ in found] == [2, 4, 3]
            assert found[0][1] == message((1, f"line {number}"))
            writer.close()

    assert not served(place, talk)


def test_a_block_of_many_transactions(place: Path) -> None:
    async def talk(connect: Callable[[], Awaitable[Line]]) -> None:
        reader, writer = await connect()
        entries = [lot(f"L{one}") for one in range(500)]
        writer.write(b"".join(question(Ask.CHECK_TX, (1, one)) for one in entries))
        assert {body for _, body in await answers(reader, 500)} == {b""}
        writer.write(question(Ask.FINALIZE_BLOCK, (1, entries), (5, 1), (6, message((1, 9)))) + question(Ask.COMMIT))
        assert [kind for kind, _ in await answers(reader, 2)] == [21, 12]
        writer.close()

    assert not served(place, talk)


@pytest.mark.parametrize("bad", [b"\xff" * 11, framed(b"\xff"), framed(b""), b"\xff\xff\xff\xff\x7f"])
def test_what_is_not_understood_ends_the_line_alone(place: Path, bad: bytes) -> None:
    async def talk(connect: Callable[[], Awaitable[Line]]) -> None:
        reader, writer = await connect()
        writer.write(bad)
        assert [kind for kind, _ in await answers(reader, 1)] == [1]
        assert await reader.read(1) == b""
        writer.close()
        reader, writer = await connect()
        writer.write(question(Ask.ECHO, (1, "still there")))
        assert [kind for kind, _ in await answers(reader, 1)] == [2]
        writer.close()

    assert not served(place, talk)


def test_a_node_that_can_not_go_on_says_why_and_stops(place: Path) -> None:
    async def talk(connect: Callable[[], Awaitable[Line]]) -> None:
        reader, writer = await connect()
        writer.write(question(Ask.INIT_CHAIN, (5, b"{}")))
        (found,) = await answers(reader, 1)
        assert found[0] == 1
        assert b"genesis_invalid" in found[1]
        writer.close()

    assert served(place, talk)


@contextmanager
def process(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server as a node runs it."""
    make_key(home / KEY, KEYS["log"])
    found = subprocess.Popen(
        [sys.executable, "-m", "tallyward.custody.adapters.abci_server", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )
    until = time.monotonic() + 60
    while not (home / SOCKET).exists() and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield found
    finally:
        found.kill()
        found.wait()
        assert found.stdin is not None
        found.stdin.close()


def test_the_process_ends_with_a_signal(place: Path) -> None:
    with process(place) as server:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def test_the_process_ends_with_who_started_it(place: Path) -> None:
    with process(place) as server:
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(30) == 0
    assert not (place / LEDGER).exists()
