"""A member's own node of a ledger that several organisations agree on: its home, its chain, its two processes."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody import apply_governance
from tallyward.custody.adapters.cometbft_health import consensus
from tallyward.custody.adapters.cometbft_home import (
    Seat,
    has_genesis,
    make_home,
    read_home,
    write_genesis,
    write_settings,
)
from tallyward.custody.adapters.cometbft_node import Node, find_cometbft
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.adapters.key_file import read_key
from tallyward.custody.authority import Purpose
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.consensus import Consensus
from tallyward.custody.entry import LEDGER_ID, body_of, entry_of, key_id
from tallyward.custody.fields import Member, Rules
from tallyward.custody.machine import Machine, holds, read
from tallyward.custody.node_line import NodeLine, peer_of, place
from tallyward.custody.transactions import Genesis
from tallyward.kernel.clock import Clock, SystemClock
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.wiring.folder import holding, prepare_folder

_LOOPBACK: Final = "127.0.0.1"
_REMAINS: Final = 15.0
"""Seconds for the processes of a node that was killed to end by themselves."""
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True)
class OwnFounder:
    """A governor with keys of its own. `real_name`: an operator's key for approvals; None: `public` is for that too."""

    id: str
    kind: str
    name: str
    public: bytes
    real_name: bytes | None = None

    def member(self, votes: Sequence[bytes]) -> Member:
        """As the first entry names it. `votes`: its keys to validate with."""
        both = Purpose.TRADE | Purpose.GOVERN
        if self.kind == "operator" and self.real_name is None:
            both |= Purpose.REAL_NAME
        keys = [(self.public, int(both)), *((one, int(Purpose.VALIDATE)) for one in votes)]
        if self.real_name is not None:
            keys.append((self.real_name, int(Purpose.REAL_NAME)))
        return Member(self.id, self.kind, self.name, tuple(keys))


@dataclass(frozen=True, slots=True)
class FirstEntry:
    """What a first entry says. `ledger`: its id, hex; `missing`: governors that have not signed it yet."""

    ledger: str
    origin: str
    members: tuple[Member, ...]
    missing: tuple[str, ...]


def make_node(home: Path, member: str, address: str, rpc: int) -> NodeLine:
    """Make a home with fresh keys; the line that others need. `address`: HOST:PORT at which they reach it."""
    prepare_folder(home.parent)
    seat = Seat(member, home, place(address), rpc, SigningKey.generate(), SigningKey.generate())
    make_home(seat)
    return seat.line


def draft_first(
    origin: str,
    founders: Sequence[OwnFounder],
    lines: Sequence[NodeLine],
    rules: tuple[Rules, ...],
    clock: Clock | None = None,
) -> bytes:
    """A ledger's first entry for its governors to sign; refuses validators that are none of them."""
    codes = {one.id for one in founders}
    stranger = next((one.member for one in lines if one.member not in codes), None)
    if stranger is not None or not lines:
        raise InvalidError("custody.validator_no_founder", member=stranger or "-")
    members = tuple(one.member([line.vote for line in lines if line.member == one.id]) for one in founders)
    one = Genesis(origin, members, rules, int((clock or SystemClock()).now().timestamp()))
    apply_governance.genesis(one)
    return entry_of(body_of(b"", one), ())


def read_first(entry: bytes) -> FirstEntry:
    """What is to be signed, or was; refuses what is no first entry with `custody.genesis_invalid`."""
    found = read(entry)
    one = found.transaction
    if not isinstance(one, Genesis) or found.ledger:
        raise InvalidError("custody.genesis_invalid")
    governs = {
        key_id(public): (member.id, public)
        for member in one.members
        for public, purposes in member.keys
        if purposes & Purpose.GOVERN
    }
    signed = {
        governs[each.key][0]
        for each in found.signatures
        if each.key in governs and holds(governs[each.key][1], found.body, each.value)
    }
    missing = sorted({member for member, _ in governs.values()} - signed)
    return FirstEntry(found.hash[:LEDGER_ID].hex(), one.origin, one.members, tuple(missing))


def begin_node(home: Path, entry: bytes) -> bool:
    """Let a node belong to the ledger of a first entry that all governors have signed; whether it votes there."""
    seat = read_home(home)
    rows = Machine(entry).state.keys.rows.values()
    write_genesis(home, entry)
    return any(row.public == seat.line.vote and row.purposes & Purpose.VALIDATE for row in rows)


@contextmanager
def running_node(home: Path, peers: Sequence[str], listen: str | None = None) -> Iterator[Node]:
    """Both processes of a node while the block runs; one process at a time runs it.

    `peers`: addresses or lines of other nodes; `listen`: HOST:PORT for them, the port of its address on loopback if
    not told. Refuses with `custody.no_node`, `custody.node_not_begun` or `custody.node_not_started`.
    """
    seat, program = read_home(home), find_cometbft()
    if not has_genesis(home):
        raise NotFoundError("custody.node_not_begun", folder=str(home))
    own = place(listen) if listen else f"{_LOOPBACK}:{seat.p2p.rpartition(':')[2]}"
    others = [peer_of(one) for one in peers]
    with holding(home, "node", _REMAINS) as lock:
        write_settings(seat, own, others)
        node = Node(seat, program, held=(lock,))
        try:
            node.start()
            yield node
        finally:
            node.stop()


@dataclass(frozen=True, slots=True)
class NodeStanding:
    """A node that runs, and what it sees. `log_key`: with which its receipts are checked."""

    line: NodeLine
    log_key: str
    seen: Consensus


def node_standing(home: Path) -> NodeStanding:
    """How a node and its ledger's validators do; refuses with `custody.node_unreachable` where it does not run."""
    seat = read_home(home)
    with closing(CometRpc(seat.address, _PATIENCE)) as rpc:
        origin = rpc.ask("head").decode().partition("\n")[0]
        return NodeStanding(seat.line, log_key(seat, origin).text(), consensus(rpc))


def log_key(seat: Seat, origin: str) -> NoteKey:
    """With which the heads of a node's copy are checked."""
    return NoteKey(origin, bytes(read_key(seat.head_key).verify_key))
