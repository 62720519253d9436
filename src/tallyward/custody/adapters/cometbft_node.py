"""A node's two processes, the ledger's application and CometBFT: found, started, stopped, killed.

Both end with who started them: the application when its input ends, CometBFT when its application is gone.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tallyward.custody.adapters.abci_server import SOCKET
from tallyward.custody.adapters.cometbft_home import Seat
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.kernel.errors import NotFoundError, TallywardError, UnavailableError

NAME: Final = "cometbft"
SERIES: Final = "0.38."
APPLICATION: Final = (sys.executable, "-m", "tallyward.custody.adapters.abci_server")
_PAUSE: Final = 0.05
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 20.0


def find_cometbft() -> Path:
    """The program, of a version that speaks ABCI 2.0 as we do; refuses with `custody.no_cometbft`."""
    for found in (shutil.which(NAME), Path(sysconfig.get_path("scripts")) / NAME):
        if found and _version(Path(found)).startswith(SERIES):
            return Path(found)
    raise NotFoundError("custody.no_cometbft")


def _version(program: Path) -> str:
    try:
        said = subprocess.run([program, "version"], capture_output=True, text=True, timeout=30, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.match(r"v?(\d+\.\d+\.\d+)", said)
    return found[1] if found else ""


class Node:
    """One member's node on this machine."""

    def __init__(
        self, seat: Seat, program: Path, application: Sequence[str] = APPLICATION, held: Sequence[int] = ()
    ) -> None:
        """Nothing is started yet. `held`: descriptors that both keep open as long as they live, such as a lock."""
        self.seat = seat
        self._held = tuple(held)
        self._program = program
        self._application = application
        self.app: subprocess.Popen[bytes] | None = None
        self.engine: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether both processes run."""
        return all(one is not None and one.poll() is None for one in (self.app, self.engine))

    def check(self) -> None:
        """Refuse with `custody.node_ended` if either has ended."""
        for one, log in ((self.app, "app.log"), (self.engine, "cometbft.log")):
            if one is not None and one.poll() is not None:
                path = self.seat.home / log
                raise UnavailableError("custody.node_ended", node=self.seat.name, code=one.returncode, log=str(path))

    def launch(self) -> None:
        """Start the application."""
        self.kill()
        (self.seat.home / SOCKET).unlink(missing_ok=True)
        self.app = self._process([*self._application, str(self.seat.home.resolve())], "app.log", subprocess.PIPE)

    def join(self) -> None:
        """Start the engine, once the application is there; refuses with `custody.node_not_started`."""
        self._wait_for((self.seat.home / SOCKET).exists, _START_SECONDS)
        words = [str(self._program), "start", "--home", str(self.seat.home.resolve())]
        self.engine = self._process(words, "cometbft.log", subprocess.DEVNULL, self.seat.home)

    def ready(self) -> None:
        """Wait until the node answers; refuses with `custody.node_not_started`."""
        rpc = CometRpc(self.seat.address, 5)
        try:
            self._wait_for(lambda: _answers(rpc), _START_SECONDS)
        finally:
            rpc.close()

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.launch()
        self.join()
        self.ready()

    def stop(self) -> None:
        """Stop both in good order: the engine first."""
        for one in (self.engine, self.app):
            if one is not None and one.poll() is None:
                one.terminate()
                with suppress(subprocess.TimeoutExpired):
                    one.wait(_STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End both at once (SIGKILL)."""
        for one in (self.engine, self.app):
            if one is None:
                continue
            if one.poll() is None:
                one.send_signal(signal.SIGKILL)
            one.wait()
            if one.stdin is not None:
                one.stdin.close()
        self.engine = self.app = None

    def _process(
        self, words: Sequence[str], log: str, given: int, place: Path | None = None
    ) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CMT")}
        with (self.seat.home / log).open("ab") as file:
            return subprocess.Popen(  # noqa: S603 - found by us, arguments are ours
                words,
                cwd=place,
                env=kept,
                stdin=given,
                stdout=file,
                stderr=file,
                pass_fds=self._held,
                start_new_session=True,  # Ctrl-C is for who started it, which stops it in good order
            )

    def _wait_for(self, done: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done():
            ended = any(one is not None and one.poll() is not None for one in (self.app, self.engine))
            if ended or time.monotonic() > until:
                self.kill()
                raise UnavailableError("custody.node_not_started", node=self.seat.name, log=str(self.seat.home))
            time.sleep(_PAUSE)


def _answers(rpc: CometRpc) -> bool:
    try:
        rpc.status()
    except TallywardError:
        return False
    return True
