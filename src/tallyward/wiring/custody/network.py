"""A trial network of the custody ledger on this machine: validators that run while somebody looks at them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tallyward.custody.adapters.cometbft_network import Network
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.folder import holding

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class NodeSeen:
    """A validator as it is now. `process`: of its engine, none if it is down; `size`: entries of its log.

    `root`: of its state. Height, size and root are empty where it does not answer.
    """

    name: str
    address: str
    process: int | None
    height: int | None
    size: int | None
    root: str


class Watched:
    """A network that runs, and what its nodes say of themselves."""

    def __init__(self, network: Network) -> None:
        """Ask the nodes of a network."""
        self._network = network
        self._lines = {name: CometRpc(node.seat.address, _PATIENCE) for name, node in network.nodes.items()}

    @property
    def processes(self) -> list[int]:
        """All processes that belong to it."""
        return [one.pid for node in self._network.nodes.values() for one in (node.app, node.engine) if one is not None]

    def seen(self) -> list[NodeSeen]:
        """Every validator as it is now."""
        return [self._one(name) for name in self._network.nodes]

    def close(self) -> None:
        """Let go of the connections."""
        for line in self._lines.values():
            line.close()

    def _one(self, name: str) -> NodeSeen:
        node, line = self._network.nodes[name], self._lines[name]
        height: int | None = None
        size: int | None = None
        root = ""
        if node.alive:
            try:
                height = line.status().height
                told = json.loads(line.ask("status"))
                size, root = int(told["size"]), str(told["root"])
            except TallywardError:
                pass  # it starts, or is too busy: what is not known stays empty
        process = node.engine.pid if node.alive and node.engine else None
        return NodeSeen(name, line.address, process, height, size, root)


@contextmanager
def trial_network(folder: Path, validators: int) -> Iterator[Watched]:
    """The network of a folder, made if there is none, while the block runs. One process at a time has the folder."""
    with ExitStack() as last:
        last.enter_context(holding(folder))
        network = Network.trial(folder, validators, SystemClock())
        last.callback(network.stop)
        network.start()
        watched = Watched(network)
        last.callback(watched.close)
        yield watched
