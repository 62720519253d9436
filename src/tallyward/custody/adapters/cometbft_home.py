"""The files a CometBFT 0.38 node starts from: its keys, the chain's genesis, and its settings on this machine.

Listeners are on loopback. A block is made when transactions wait, else once a second: a transaction that needs one
before it may be refused by nodes that have not seen that one yet, and then waits for the turn of those that have.
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody.adapters.abci_application import chain_id
from tallyward.custody.adapters.abci_server import KEY, SOCKET
from tallyward.custody.authority import Purpose
from tallyward.custody.machine import Machine
from tallyward.kernel.errors import ConflictError

BLOCK_BYTES: Final = 4 << 20
_ADDRESS: Final = 20
_SETTINGS: Final = """\
proxy_app = "unix://{application}"
moniker = "{name}"
log_level = "error"

[rpc]
laddr = "tcp://127.0.0.1:{rpc}"
max_body_bytes = 8000000
max_request_batch_size = 1000

[p2p]
laddr = "tcp://127.0.0.1:{p2p}"
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
    """One node of a network on this machine. `node`: the key it is known by; `vote`: its key to validate with."""

    name: str
    home: Path
    p2p: int
    rpc: int
    node: SigningKey
    vote: SigningKey

    @property
    def peer(self) -> str:
        """How others reach it."""
        return f"{_address(self.node).hex()}@127.0.0.1:{self.p2p}"

    @property
    def address(self) -> str:
        """Where it is asked (JSON-RPC)."""
        return f"127.0.0.1:{self.rpc}"

    @property
    def validator(self) -> str:
        """How CometBFT names its vote."""
        return _address(self.vote).hex()


def write_home(
    seat: Seat, genesis: bytes, peers: Iterable[Seat], head: SigningKey, trusted: Trusted | None = None
) -> None:
    """Make a node's home; refuses to write over one. `genesis`: the ledger's first entry; `head`: signs its heads.

    `trusted`: the node begins with a snapshot that others have, proven from that block on; else with all blocks.
    """
    try:
        for folder in ("", "config", "data"):
            (seat.home / folder).mkdir(mode=0o700, parents=not folder)
    except FileExistsError as error:
        raise ConflictError("custody.home_exists", folder=str(seat.home)) from error
    others = ",".join(one.peer for one in peers if one.name != seat.name)
    settings = _SETTINGS.format(application=SOCKET, name=seat.name, rpc=seat.rpc, p2p=seat.p2p, peers=others)
    if trusted is not None:
        settings += _BY_SNAPSHOT.format(servers=",".join(trusted.servers), height=trusted.height, hash=trusted.hash)
    vote = {
        "address": seat.validator.upper(),
        "pub_key": _public(bytes(seat.vote.verify_key)),
        "priv_key": _private(seat.vote),
    }
    _write(seat.home / KEY, bytes(head))
    _write(seat.home / "config" / "config.toml", settings.encode())
    _write(seat.home / "config" / "genesis.json", _json(chain_genesis(genesis)))
    _write(seat.home / "config" / "node_key.json", _json({"priv_key": _private(seat.node)}))
    _write(seat.home / "config" / "priv_validator_key.json", _json(vote))
    _write(seat.home / "data" / "priv_validator_state.json", _json({"height": "0", "round": 0, "step": 0}))


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
            {"address": sha256(public).hexdigest()[: 2 * _ADDRESS].upper(), "pub_key": _public(public), "power": "1"}
            | {"name": name}
            for public, name in votes
        ],
        "app_hash": "",
        "app_state": {"genesis": b64encode(entry).decode()},
    }


def _address(key: SigningKey) -> bytes:
    return sha256(bytes(key.verify_key)).digest()[:_ADDRESS]


def _public(public: bytes) -> dict[str, str]:
    return {"type": "tendermint/PubKeyEd25519", "value": b64encode(public).decode()}


def _private(key: SigningKey) -> dict[str, str]:
    value = bytes(key) + bytes(key.verify_key)
    return {"type": "tendermint/PrivKeyEd25519", "value": b64encode(value).decode()}


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=1).encode()


def _write(path: Path, data: bytes) -> None:
    """A file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
