"""The socket between CometBFT and the ledger: `python -m tallyward.custody.adapters.abci_server HOME`.

CometBFT opens four connections (consensus, mempool, query, snapshot) and asks on each without waiting for answers,
which come in the same order. All are served by one thread, so that one question is done before the next begins.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Final

import structlog

from tallyward.custody.adapters import abci_messages as abci
from tallyward.custody.adapters.abci_application import Application
from tallyward.custody.adapters.abci_messages import Ask, parse_request
from tallyward.custody.adapters.abci_wire import Frames, framed
from tallyward.custody.adapters.key_file import read_key
from tallyward.custody.codec import MalformedError
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import TallywardError

SOCKET: Final = "app.sock"
LEDGER: Final = "ledger.db"
KEY: Final = "head.key"
"""The file of the key that signs this member's heads."""
_CHUNK: Final = 1 << 18
_log = structlog.get_logger(__name__)


class AbciServer:
    """Serves one application on a UNIX socket."""

    def __init__(self, application: Application) -> None:
        """`stopped`: set when it can't go on, or shall not."""
        self._application = application
        self._lines: set[asyncio.Task[None]] = set()
        self.stopped = asyncio.Event()

    async def serve(self, path: str) -> None:
        """Serve until `stopped`. Who may enter the folder of the socket may ask."""
        server = await asyncio.start_unix_server(self._connected, path)
        await self.stopped.wait()
        server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        if line is not None:
            self._lines.add(line)
            line.add_done_callback(self._lines.discard)
        try:
            await self._line(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer all that one connection asks; what can't be answered ends it, and with it the node."""
        frames = Frames()
        while data := await reader.read(_CHUNK):
            try:
                for frame in frames.feed(data):
                    writer.write(framed(self._answer(frame)))
            except MalformedError as error:
                _log.error("request not understood", problem=str(error))
                writer.write(framed(abci.exception(str(error))))
                await writer.drain()
                return
            except Exception as error:  # noqa: BLE001 - the node stops, whatever it was
                told = str(error) if isinstance(error, TallywardError) else type(error).__name__
                _log.exception("node stopped", problem=told)
                writer.write(framed(abci.exception(told)))
                await writer.drain()
                self.stopped.set()
                return
            await writer.drain()

    def _answer(self, frame: bytes) -> bytes:
        asked = parse_request(frame)
        return abci.answer(Ask.FLUSH) if asked.ask is Ask.FLUSH else self._application.answer(asked)


async def run(home: Path, kind: type[Application] = Application) -> None:
    """Serve the ledger of a node's home until SIGTERM, Ctrl-C, or the end of who started it (its end of our input)."""
    application = kind(home / LEDGER, read_key(home / KEY), SystemClock())
    server = AbciServer(application)
    os.chdir(home)  # the path of a socket is 107 bytes long at most
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, server.stopped.set)
    loop.add_reader(0, lambda: None if os.read(0, 1) else server.stopped.set())
    try:
        await server.serve(SOCKET)
    finally:
        application.close()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
