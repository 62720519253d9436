"""A whole network on one machine, for trial and for tests: homes in one folder, nodes that start and stop together."""

import json
import socket
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody.adapters.cometbft_home import Seat, Trusted, make_home, read_home, write_genesis, write_settings
from tallyward.custody.adapters.cometbft_node import APPLICATION, Node, find_cometbft
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.trial import Organisation, trial_genesis
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError, InvalidError

ORIGIN: Final = "tallyward.local/trial"
MOST: Final = 16
HOST: Final = "127.0.0.1"
_FILE: Final = "network.json"


class Network:
    """Nodes by name, in the order of their making. The folder holds all their keys: it is for trial only."""

    def __init__(self, folder: Path, genesis: bytes, organisations: Sequence[Organisation] = ()) -> None:
        """A network of no nodes; see `trial`, `add`."""
        self.folder, self.genesis, self.organisations = folder, genesis, tuple(organisations)
        self.nodes: dict[str, Node] = {}
        self._program = find_cometbft()

    @classmethod
    def trial(cls, folder: Path, validators: int, clock: Clock) -> "Network":
        """The network of a folder, made with so many validators if there is none."""
        if not 1 <= validators <= MOST:
            raise InvalidError("custody.validators_number", validators=validators, most=MOST)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / _FILE).exists():
            return cls._opened(folder)
        organisations = [
            Organisation(f"ORG{number}", SigningKey.generate(), SigningKey.generate())
            for number in range(1, validators + 1)
        ]
        network = cls(folder, trial_genesis(ORIGIN, organisations, int(clock.now().timestamp())), organisations)
        network.add({one.name: one.vote for one in organisations})
        network._keep()
        return network

    def add(
        self,
        votes: dict[str, SigningKey],
        application: Sequence[str] = APPLICATION,
        trusted: Trusted | None = None,
    ) -> None:
        """Nodes that know each other and all that are there already; a key that the ledger lets vote, votes.

        `trusted`: see `cometbft_home.write_settings`.
        """
        ports = iter(free_ports(2 * len(votes)))
        seats = [
            Seat(name, self.folder / name, f"{HOST}:{next(ports)}", next(ports), SigningKey.generate(), vote)
            for name, vote in votes.items()
        ]
        peers = [*(node.seat.peer for node in self.nodes.values()), *(seat.peer for seat in seats)]
        for seat in seats:
            make_home(seat)
            write_genesis(seat.home, self.genesis)
            write_settings(seat, seat.p2p, peers, trusted)
            self.nodes[seat.name] = Node(seat, self._program, application)

    def trusted(self) -> Trusted:
        """The newest block, as the first node tells it."""
        running = [node.seat.address for node in self.nodes.values() if node.alive]
        with closing(CometRpc(running[0])) as rpc:
            height, named = rpc.block()
        return Trusted(height, named, tuple(running[:2]) if len(running) > 1 else (running[0], running[0]))

    def start(self) -> None:
        """Start all that do not run; if one can't, none is left running."""
        with ExitStack() as undo:
            undo.callback(self.kill)
            fresh = [node for node in self.nodes.values() if not node.alive]
            for node in fresh:
                node.launch()
            for node in fresh:
                node.join()
            for node in fresh:
                node.ready()
            undo.pop_all()

    def stop(self) -> None:
        """Stop all in good order."""
        for node in self.nodes.values():
            node.stop()

    def kill(self) -> None:
        """End all at once."""
        for node in self.nodes.values():
            node.kill()

    def _keep(self) -> None:
        """Write what the next start needs. Keys of organisations are hex, in a file that only its owner reads."""
        signs = {one.name: bytes(one.sign).hex() for one in self.organisations}
        path = self.folder / _FILE
        path.touch(mode=0o600)
        path.write_text(json.dumps({"genesis": self.genesis.hex(), "signs": signs}), encoding="ascii")

    @classmethod
    def _opened(cls, folder: Path) -> "Network":
        try:
            found = json.loads((folder / _FILE).read_bytes())
            signs = {str(name): SigningKey(bytes.fromhex(one)) for name, one in found["signs"].items()}
            genesis = bytes.fromhex(found["genesis"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorruptError("custody.file_unreadable", file=_FILE, problem=str(error)) from error
        seats = [read_home(folder / name) for name in signs]
        network = cls(folder, genesis, [Organisation(one.name, signs[one.name], one.vote) for one in seats])
        network.nodes = {seat.name: Node(seat, network._program) for seat in seats}
        return network


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    with ExitStack() as held:
        lines = [held.enter_context(socket.socket()) for _ in range(count)]
        for line in lines:
            line.bind((HOST, 0))
        return [line.getsockname()[1] for line in lines]
