"""Real validators: they go on or stop as BFT promises, and come to what one process alone comes to."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody.adapters.abci_server import KEY, LEDGER
from tallyward.custody.adapters.cometbft_network import Network
from tallyward.custody.adapters.cometbft_node import Node
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.adapters.key_file import read_key
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.entry import parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.transactions import Accept, BlockEnd, KeyAdd, KeyRevoke, MemberRemove, Offer
from tallyward.custody.verify_receipt import Refused, verify
from tallyward.kernel.clock import FixedClock, SystemClock
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, LATER, NOW, ORIGIN
from tests.custody.network import cometbft_or_skip, has, network, send, status, told, until
from tests.custody.validators import VALIDATORS, VOTES, genesis, lot, said, vote_key

pytestmark = pytest.mark.slow

GOVERNORS = ("op", "op2", "regulator")
OFTEN = (sys.executable, str(Path(__file__).parents[1] / "often_node.py"))
LIAR = (sys.executable, str(Path(__file__).parents[1] / "lying_node.py"))


def head_key(home: Path) -> NoteKey:
    """The public key of a node's heads."""
    return NoteKey(ORIGIN, bytes(read_key(home / KEY).verify_key))


def replayed(home: Path, path: Path, shift: int = 0) -> SqliteLedger:
    """One process's own ledger of a node's blocks, each at its time or at another."""
    file = LedgerFile(home / LEDGER)
    clock = FixedClock(datetime.fromtimestamp(NOW, UTC))
    alone = SqliteLedger.create(path, next(file.entries())[1], KEYS["log"], clock)
    waiting: list[bytes] = []
    for _, data in file.entries(2):
        one = parse_entry(data).transaction
        if isinstance(one, BlockEnd):
            clock.set(datetime.fromtimestamp(one.time, UTC) + timedelta(seconds=shift))
            assert all(isinstance(answer, int) for answer in alone.submit(waiting))
            waiting = []
        else:
            waiting.append(data)
    file.close()
    return alone


def sales(nodes: Network) -> None:
    """Registration, an offer, its acceptance, a double sale: each seen by all before the next is said."""
    first, *others = nodes.nodes.values()
    assert send(first, lot("A", 1000), lot("B", 1000))[0].code == 0
    until(has(5, first, *others))
    number = next(one for one, data in kept(first.seat.home) if data == lot("A", 1000))
    offers = [said(Offer("OP", buyer, (Part("A", 0, 9, number),), LATER * 2, None), "op") for buyer in ("RES", "SHOP")]
    assert [one.code for one in send(others[0], *offers)] == [0, 0]
    until(lambda: any(data in offers for _, data in kept(first.seat.home)))
    sold = next(data for _, data in kept(first.seat.home) if data in offers)
    until(lambda: send(others[1], offers[1 - offers.index(sold)])[0].code != 0)
    buyer = ("RES", "SHOP")[offers.index(sold)]
    accept = said(Accept(buyer, parse_entry(sold).hash), {"RES": "reseller", "SHOP": "shop"}[buyer])
    until(lambda: send(others[2], accept)[0].code == 0)
    until(lambda: all(any(data == accept for _, data in kept(one.seat.home)) for one in (first, *others)))


def agreed(entry: bytes, first: Node, *others: Node) -> None:
    """Say something to the first node, and wait until all have it."""
    assert send(first, entry)[0].code == 0
    until(lambda: all(any(data == entry for _, data in kept(one.seat.home)) for one in (first, *others)))


def kept(home: Path) -> list[tuple[int, bytes]]:
    """All entries of a node."""
    with closing(LedgerFile(home / LEDGER)) as file:
        return list(file.entries())


def test_both_engines_come_to_the_same_and_a_late_node_too(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        sales(nodes)
        first = nodes.nodes["OP"]
        size, root = status(first)
        nodes.add({"LATE": SigningKey.generate()})
        nodes.start()
        until(has(size, *nodes.nodes.values()))
        assert {status(one) for one in nodes.nodes.values()} == {(size, root)}
        for node in nodes.nodes.values():
            text, key = told(node, "receipt/2"), head_key(node.seat.home)
            assert verify(text, key.text(), [])["size"] == size
            with pytest.raises(Refused):
                verify(text, NoteKey(ORIGIN, bytes(KEYS["stranger"].verify_key)).text(), [])
        nodes.stop()
        for node in nodes.nodes.values():
            with closing(LedgerFile(node.seat.home / LEDGER)) as file:
                assert audit(file, head_key(node.seat.home)) == ([], size)
        alone = replayed(first.seat.home, tmp_path / "alone.db")
        assert alone.machine.state.root().hex() == root
        with closing(LedgerFile(first.seat.home / LEDGER)) as file:
            assert list(file.heads())[-1].head == alone.head().head
            assert list(file.entries()) == list(alone.entries())
        later = replayed(first.seat.home, tmp_path / "later.db", 5)
        assert later.machine.state.root() == alone.machine.state.root()
        assert later.head().head != alone.head().head
        alone.close()
        later.close()


@contextmanager
def with_snapshots(folder: Path, *spoilt: str) -> Iterator[Network]:
    """Four validators that have snapshots; some of them send late members spoilt chunks."""
    cometbft_or_skip()
    nodes = Network(folder, genesis())
    for name in VALIDATORS:
        nodes.add({name: VOTES[name]}, (*OFTEN, "spoilt") if name in spoilt else OFTEN)
    try:
        nodes.start()
        sales(nodes)
        for name in "CD":
            agreed(lot(name), *nodes.nodes.values())
        newest = nodes.trusted().height
        until(lambda: nodes.trusted().height > newest + 2)  # who comes late wants blocks after the snapshot's
        yield nodes
    finally:
        nodes.kill()


def test_a_late_validator_joins_by_a_snapshot_and_votes(tmp_path: Path) -> None:
    with with_snapshots(tmp_path) as nodes:
        four = list(nodes.nodes.values())
        agreed(said(KeyAdd("SHOP", vote_key("SHOP"), 32, None, 0), *GOVERNORS), *four)
        nodes.add({"SHOP": VOTES["SHOP"]}, OFTEN, nodes.trusted())
        nodes.start()
        late = nodes.nodes["SHOP"]
        until(has(status(four[0])[0], late))
        with closing(CometRpc(late.seat.address)) as rpc:
            assert rpc.first() > 1  # no block before was asked for
        assert len({status(one) for one in nodes.nodes.values()}) == 1
        four[0].kill()
        agreed(lot("E"), *four[1:], late)  # four of five votes are needed
        nodes.stop()
        late.start()
        late.stop()
        with closing(LedgerFile(late.seat.home / LEDGER)) as file:
            assert audit(file, head_key(late.seat.home)) == ([], len(kept(four[1].seat.home)))


def test_who_comes_late_gets_spoilt_chunks_of_others_instead(tmp_path: Path) -> None:
    with with_snapshots(tmp_path, "OP2", "RES", "REG") as nodes:
        first = nodes.nodes["OP"]
        nodes.add({"LATE": SigningKey.generate()}, OFTEN, nodes.trusted())
        nodes.start()
        late = nodes.nodes["LATE"]
        until(lambda: status(late) == status(first))
        with closing(CometRpc(late.seat.address)) as rpc:
            assert rpc.first() > 1
        assert "not what was promised" in late.seat.home.joinpath("app.log").read_text()


def test_one_of_four_killed_they_go_on_two_killed_they_stop_without_a_fork(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        one, two, three, four = nodes.nodes.values()
        four.kill()
        agreed(lot("A"), one, two, three)
        three.kill()
        sizes = [status(node)[0] for node in (one, two)]
        assert send(one, lot("B"))[0].code == 0
        time.sleep(8)
        assert [status(node)[0] for node in (one, two)] == sizes
        three.start()
        until(has(6, one, two, three))
        four.start()
        until(has(6, four))
        assert len({status(node) for node in nodes.nodes.values()}) == 1
        assert [data for _, data in kept(four.seat.home)] == [data for _, data in kept(one.seat.home)]


def test_an_application_killed_at_once_comes_back_where_it_was(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        one, two, *_ = nodes.nodes.values()
        for turn in range(3):
            size = status(one)[0]
            send(one, *(lot(f"{turn}-{at}") for at in range(40)))
            assert two.app is not None
            time.sleep(0.15 * turn)
            os.kill(two.app.pid, signal.SIGKILL)
            until(lambda: not two.alive)
            two.start()
            until(has(size + 41, one, two))
        until(lambda: status(one) == status(two))
        nodes.stop()
        with closing(LedgerFile(two.seat.home / LEDGER)) as file:
            assert audit(file, head_key(two.seat.home))[0] == []


def test_a_node_that_tells_another_root_is_the_one_that_stops(tmp_path: Path) -> None:
    with network(tmp_path, *LIAR, "wrong_root") as nodes:
        *honest, liar = nodes.nodes.values()
        for name in "ABCDE":
            size = status(honest[0])[0]
            send(honest[0], lot(name))
            until(has(size + 2, *honest))
        assert len({status(node) for node in honest}) == 1
        until(lambda: b"CONSENSUS FAILURE" in (liar.seat.home / "cometbft.log").read_bytes())
        assert status(liar)[0] < status(honest[0])[0]


def test_what_a_liar_proposes_is_rejected_and_they_go_on(tmp_path: Path) -> None:
    with network(tmp_path, *LIAR, "forged_sale") as nodes:
        *honest, liar = nodes.nodes.values()
        logs = [one.seat.home / "app.log" for one in honest]
        for turn in range(40):
            size = status(honest[0])[0]
            send(honest[turn % 3], lot(f"L{turn}"))
            until(has(size + 2, *honest))
            if all(b"proposal rejected" in log.read_bytes() for log in logs):
                break
        assert all(b"proposal rejected" in log.read_bytes() for log in logs)
        until(has(status(honest[0])[0], liar))
        assert len({status(node) for node in nodes.nodes.values()}) == 1
        nodes.stop()
        with closing(LedgerFile(honest[0].seat.home / LEDGER)) as file:
            assert audit(file, head_key(honest[0].seat.home))[0] == []


def test_validators_come_and_go_by_the_governors_decision(tmp_path: Path) -> None:
    with network(tmp_path) as nodes, closing(CometRpc(nodes.nodes["OP"].seat.address, 60)) as rpc:
        first = nodes.nodes["OP"]
        nodes.add({"SHOP": VOTES["SHOP"]})
        nodes.start()
        votes = {name: nodes.nodes[name].seat.validator for name in nodes.nodes}
        few = said(KeyAdd("SHOP", vote_key("SHOP"), 32, None, 0), "op", "op2")
        assert send(first, few)[0].why.startswith('["custody.quorum_missing"')
        everybody = list(nodes.nodes.values())
        agreed(said(KeyAdd("SHOP", vote_key("SHOP"), 32, None, 0), *GOVERNORS), *everybody)
        until(lambda: rpc.validators() == set(votes.values()))
        agreed(said(MemberRemove("RES", 1), *GOVERNORS), *everybody)
        agreed(said(KeyRevoke("OP2", vote_key("OP2"), 2), *GOVERNORS), *everybody)
        until(lambda: rpc.validators() == {votes[name] for name in ("OP", "REG", "SHOP")})
        nodes.nodes["RES"].kill()
        nodes.nodes["OP2"].kill()
        left = [nodes.nodes[name] for name in ("OP", "REG", "SHOP")]
        agreed(lot("C"), *left)  # the new validator votes: without it there is no quorum of three
        nodes.nodes["SHOP"].kill()
        assert send(first, lot("D"))[0].code == 0
        time.sleep(5)
        assert not any(data == lot("D") for node in left for _, data in kept(node.seat.home))


def test_a_trial_opens_again_with_what_it_held(tmp_path: Path) -> None:
    cometbft_or_skip()
    first = Network.trial(tmp_path / "trial", 1, SystemClock())
    first.start()
    node = first.nodes["ORG1"]
    until(has(2, node))
    first.stop()
    assert (tmp_path / "trial" / "network.json").stat().st_mode & 0o077 == 0
    again = Network.trial(tmp_path / "trial", 1, SystemClock())
    assert (again.genesis, again.organisations) == (first.genesis, first.organisations)
    again.start()
    until(has(2, *again.nodes.values()))
    again.stop()


def test_numbers_of_validators_and_broken_folders(tmp_path: Path) -> None:
    cometbft_or_skip()
    for number in (0, 17):
        with pytest.raises(TallywardError, match="validators_number"):
            Network.trial(tmp_path, number, SystemClock())
    (tmp_path / "network.json").write_text('{"seats": [5]}')
    with pytest.raises(TallywardError, match="file_unreadable"):
        Network.trial(tmp_path, 4, SystemClock())


def test_all_or_none_start(tmp_path: Path) -> None:
    cometbft_or_skip()
    nodes = Network(tmp_path, genesis())
    nodes.add({VALIDATORS[0]: VOTES[VALIDATORS[0]]})
    nodes.add({"BROKEN": SigningKey.generate()}, (sys.executable, "-c", "raise SystemExit(1)"))
    with pytest.raises(TallywardError, match="node_not_started"):
        nodes.start()
    assert not any(node.alive for node in nodes.nodes.values())
