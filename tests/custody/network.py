"""Real networks for tests: four validators of the tests' ledger, what is said to them, what they say."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tallyward.custody.adapters.cometbft_network import Network
from tallyward.custody.adapters.cometbft_node import Node, find_cometbft
from tallyward.custody.adapters.cometbft_rpc import Checked, CometRpc
from tallyward.kernel.errors import NotFoundError, UnavailableError
from tests.custody.validators import VALIDATORS, VOTES, genesis

PATIENCE = 150.0


def cometbft_or_skip() -> Path:
    """The program; skips where it is not."""
    try:
        return find_cometbft()
    except NotFoundError:
        pytest.skip("no CometBFT 0.38 on this machine: make cometbft")


@contextmanager
def network(folder: Path, *liar: str) -> Iterator[Network]:
    """Four validators that run; the last one with another application, if one is told."""
    cometbft_or_skip()
    found = Network(folder, genesis())
    *honest, last = VALIDATORS
    found.add({name: VOTES[name] for name in honest})
    if liar:
        found.add({last: VOTES[last]}, liar)
    else:
        found.add({last: VOTES[last]})
    try:
        found.start()
        yield found
    finally:
        found.kill()


def until(done: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something; a node that does not answer yet is asked again."""
    end = time.monotonic() + seconds
    while True:
        with suppress(UnavailableError):
            if done():
                return
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def send(node: Node, *entries: bytes) -> list[Checked]:
    """Give transactions to a node; what it thinks of each."""
    with closing(CometRpc(node.seat.address, 60)) as rpc:
        return rpc.send(entries)


def told(node: Node, path: str) -> str:
    """What a node's ledger tells."""
    with closing(CometRpc(node.seat.address)) as rpc:
        return rpc.ask(path).decode()


def status(node: Node) -> tuple[int, str]:
    """(entries, root of the state) of a node; nothing of one that does not answer."""
    try:
        found = json.loads(told(node, "status"))
    except (NotFoundError, UnavailableError):
        return 0, ""
    return int(found["size"]), str(found["root"])


def has(size: int, *nodes: Node) -> Callable[[], bool]:
    """Whether all these nodes have so many entries."""
    return lambda: all(status(node)[0] >= size for node in nodes)
