"""Fixtures of all rooms. The PostgreSQL server that some need stands in `postgres_server`."""

import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests import each other's sample data as tests.<room>

pytest_plugins = ["tests.postgres_server"]


def _loopback_only() -> None:
    """Let no test speak to another machine: what needs one fails at once and says so."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        local = self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        if not local:
            raise RuntimeError(f"a test tried to reach {address}: tests stay on this machine")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]


_loopback_only()
