"""A throw-away PostgreSQL server from Debian's package, on a socket in a folder of its own: no port, no trace left.

PostgreSQL does not run as root, so under root it runs as `postgres` or `nobody`. Tests get a database of their own that
belongs to a role without any privilege: row-level security does not bind superusers.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

ROLE = "tallyward"
HOW = "apt-get install postgresql (or make setup-tests) enables this test"


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `superuser` is who it runs as."""

    socket: Path
    superuser: str

    def url(self, database: str, role: str = ROLE) -> str:
        """SQLAlchemy URL of a database for a role."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.socket}"

    def execute(self, statement: str) -> None:
        """Run a statement as superuser, outside every transaction."""
        import psycopg

        with psycopg.connect(
            f"host={self.socket} dbname=postgres user={self.superuser}", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def _binary(name: str) -> Path | None:
    found = [Path(path) / name for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    on_path = shutil.which(name)
    found += [Path(on_path).resolve()] if on_path else []
    return next((path for path in found if path.is_file()), None)


def _runner() -> str:
    """Who may run the server."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    initdb, postgres = _binary("initdb"), _binary("postgres")
    if initdb is None or postgres is None:
        pytest.skip(f"no PostgreSQL server here; {HOW}")
    user = _runner()
    as_user = user if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tw-pg-"))
    shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", user, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True,
        cwd=folder,
        user=as_user,
        stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=64MB"],
        cwd=folder,
        user=as_user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running = PostgresServer(folder, user)
    try:
        _wait(running, server)
        running.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
        yield running
    finally:
        server.send_signal(signal.SIGINT)  # fast: does not wait for clients
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(running: PostgresServer, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            running.execute("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: PostgresServer) -> Callable[[str], str]:
    """Makes a database like a given one (`template1` for an empty one) and gives its URL."""
    numbers = count(1)

    def make(template: str) -> str:
        name = f"tw{next(numbers)}"
        postgres_server.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        return postgres_server.url(name)

    return make


@pytest.fixture
def postgres_url(new_postgres_database: Callable[[str], str]) -> str:
    """An empty database of its own, for a role without privileges."""
    return new_postgres_database("template1")
