"""A node's home, from which CometBFT 0.38 and our application start: keys, the chain's genesis, settings.

node.json      whose node it is, and where it is reached         head.key    signs the heads of its copy
config/        CometBFT's keys, genesis.json, config.toml        ledger.db   the copy

It is asked on loopback alone; other nodes reach it where `write_settings` is told. A block is made when transactions
wait, else once a second.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody.adapters.abci_application import chain_id
from tallyward.custody.adapters.abci_server import KEY, LEDGER, SOCKET
from tallyward.custody.adapters.key_file import make_key
from tallyward.custody.adapters.private_file import write_private
from tallyward.custody.authority import Purpose
from tallyward.custody.machine import Machine
from tallyward.custody.node_line import NODE_ID, NodeLine
from tallyward.kernel.errors import ConflictError, CorruptError, NotFoundError

BLOCK_BYTES: Final = 4 << 20
_SEED: Final = 32
_NODE: Final = "node.json"
_GENESIS: Final = Path("config") / "genesis.json"
_NODE_KEY: Final = Path("config") / "node_key.json"
_VOTE_KEY: Final = Path("config") / "priv_validator_key.json"
_SETTINGS: Final = """\
proxy_app = "unix://{application}"
moniker = {name}
log_level = "error"

[rpc]
laddr = "tcp://127.0.0.1:{rpc}"
max_body_bytes = 8000000
max_request_batch_size = 1000

[p2p]
laddr = "tcp://{listen}"
persistent_peers = "{peers}"
persistent_peers_max_dial_period = "2s"
addr_book_strict = false
allow_duplicate_ip = true
pex = false
flush_throttle_timeout = "10ms"
send_rate = 20000000
recv_rate = 20000000

[mempool]
size = 50000
cache_size = 100000
max_txs_bytes = 268435456

[consensus]
timeout_propose = "1s"
timeout_propose_delta = "500ms"
timeout_prevote = "500ms"
timeout_prevote_delta = "250ms"
timeout_precommit = "500ms"
timeout_precommit_delta = "250ms"
timeout_commit = "100ms"
create_empty_blocks = true
create_empty_blocks_interval = "1s"

[tx_index]
indexer = "null"
"""

_BY_SNAPSHOT: Final = """
[statesync]
enable = true
rpc_servers = "{servers}"
trust_height = {height}
trust_hash = "{hash}"
trust_period = "168h0m0s"
discovery_time = "5s"
"""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A block that is known for sure: from it on the next ones are proven by their validators' signatures.

    `servers`: host:port of at least two nodes that tell of blocks.
    """

    height: int
    hash: str
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """One node. `name`: the member whose it is; `node`: the key it is known by; `vote`: its key to validate with.

    `p2p`: HOST:PORT at which other nodes reach it; `rpc`: the port on loopback where it is asked.
    """

    name: str
    home: Path
    p2p: str
    rpc: int
    node: SigningKey
    vote: SigningKey

    @property
    def peer(self) -> str:
        """How others reach it."""
        return f"{_address(bytes(self.node.verify_key))}@{self.p2p}"

    @property
    def address(self) -> str:
        """Where it is asked (JSON-RPC)."""
        return f"127.0.0.1:{self.rpc}"

    @property
    def validator(self) -> str:
        """How CometBFT names its vote."""
        return _address(bytes(self.vote.verify_key))

    @property
    def line(self) -> NodeLine:
        """What others need to know of it."""
        return NodeLine(self.name, bytes(self.vote.verify_key), self.peer)

    @property
    def ledger(self) -> Path:
        """Its copy of the ledger; the chain's first block makes it."""
        return self.home / LEDGER

    @property
    def head_key(self) -> Path:
        """The file of the key that signs the heads of its copy."""
        return self.home / KEY


def make_home(seat: Seat) -> None:
    """Make a node's home, with a key of its own for heads; refuses to write over one with `custody.home_exists`."""
    try:
        for folder in ("", "config", "data"):
            (seat.home / folder).mkdir(mode=0o700, parents=not folder)
    except FileExistsError as error:
        raise ConflictError("custody.home_exists", folder=str(seat.home)) from error
    vote = {
        "address": seat.validator.upper(),
        "pub_key": _public(bytes(seat.vote.verify_key)),
        "priv_key": _private(seat.vote),
    }
    make_key(seat.head_key)
    write_private(seat.home / _NODE_KEY, _json({"priv_key": _private(seat.node)}))
    write_private(seat.home / _VOTE_KEY, _json(vote))
    state = {"height": "0", "round": 0, "step": 0}
    write_private(seat.home / "data" / "priv_validator_state.json", _json(state))
    write_private(seat.home / _NODE, _json({"member": seat.name, "p2p": seat.p2p, "rpc": seat.rpc}))


def read_home(home: Path) -> Seat:
    """The node of a home; refuses with `custody.no_node` or `custody.file_unreadable`."""
    if not (home / _NODE).is_file():
        raise NotFoundError("custody.no_node", folder=str(home))
    try:
        told = json.loads((home / _NODE).read_bytes())
        keys = _secret(home / _NODE_KEY), _secret(home / _VOTE_KEY)
        return Seat(str(told["member"]), home, str(told["p2p"]), int(told["rpc"]), *keys)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorruptError("custody.file_unreadable", file=_NODE, problem=type(error).__name__) from error


def write_genesis(home: Path, entry: bytes) -> None:
    """Let a home's chain begin with a ledger's first entry; refuses another one with `custody.ledger_exists`."""
    path, found = home / _GENESIS, chain_genesis(entry)
    if not path.exists():
        write_private(path, _json(found))
    elif json.loads(path.read_bytes()) != found:
        raise ConflictError("custody.ledger_exists", file=path.name)


def has_genesis(home: Path) -> bool:
    """Whether a home knows the chain that it belongs to."""
    return (home / _GENESIS).is_file()


def write_settings(seat: Seat, listen: str, peers: Iterable[str], trusted: Trusted | None = None) -> None:
    """Write CometBFT's settings anew. `listen`: HOST:PORT for other nodes; `peers`: ID@HOST:PORT of those to reach.

    `trusted`: the node begins with a snapshot that others have, proven from that block on; else with all blocks.
    """
    others = ",".join(one for one in peers if one != seat.peer)
    name = json.dumps(seat.name, ensure_ascii=False)  # of such strings TOML reads what JSON writes
    settings = _SETTINGS.format(application=SOCKET, name=name, rpc=seat.rpc, listen=listen, peers=others)
    if trusted is not None:
        settings += _BY_SNAPSHOT.format(servers=",".join(trusted.servers), height=trusted.height, hash=trusted.hash)
    path = seat.home / "config" / "config.toml"
    path.touch(mode=0o600)
    path.write_text(settings, encoding="utf-8")


def chain_genesis(entry: bytes) -> dict[str, object]:
    """genesis.json of a ledger: its validators are those that the ledger's first entry names."""
    machine = Machine(entry)
    rows = machine.state.keys.rows.values()
    votes = sorted((row.public, row.member) for row in rows if row.purposes & Purpose.VALIDATE)
    return {
        "genesis_time": datetime.fromtimestamp(machine.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "chain_id": chain_id(machine.id),
        "initial_height": "1",
        "consensus_params": {
            "block": {"max_bytes": str(BLOCK_BYTES), "max_gas": "-1"},
            "evidence": {
                "max_age_num_blocks": "100000",
                "max_age_duration": str(48 * 3600 * 10**9),
                "max_bytes": str(1 << 20),
            },
            "validator": {"pub_key_types": ["ed25519"]},
            "version": {"app": "0"},
            "abci": {"vote_extensions_enable_height": "0"},
        },
        "validators": [
            {"address": _address(public).upper(), "pub_key": _public(public), "power": "1", "name": name}
            for public, name in votes
        ],
        "app_hash": "",
        "app_state": {"genesis": b64encode(entry).decode()},
    }


def _address(public: bytes) -> str:
    return sha256(public).hexdigest()[:NODE_ID]


def _public(public: bytes) -> dict[str, str]:
    return {"type": "tendermint/PubKeyEd25519", "value": b64encode(public).decode()}


def _private(key: SigningKey) -> dict[str, str]:
    value = bytes(key) + bytes(key.verify_key)
    return {"type": "tendermint/PrivKeyEd25519", "value": b64encode(value).decode()}


def _secret(path: Path) -> SigningKey:
    return SigningKey(b64decode(json.loads(path.read_bytes())["priv_key"]["value"], validate=True)[:_SEED])


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=1).encode()
