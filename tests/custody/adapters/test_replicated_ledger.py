"""A member's copy: blocks are decided in memory, kept in one commit, forgotten without a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.custody.adapters import sqlite_ledger
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.replicated_ledger import ReplicatedLedger
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.snapshot import size_of
from tallyward.custody.transactions import KeyAdd, KeyRevoke, MemberRemove
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, NOW, ORIGIN, START, public
from tests.custody.validators import VALIDATORS, genesis, lot, said, vote_key


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[ReplicatedLedger]:
    """A copy that has just begun."""
    found = ReplicatedLedger.create(tmp_path / "ledger.db", genesis(), KEYS["log"], FixedClock(START))
    yield found
    found.close()


def opened(ledger: ReplicatedLedger, tmp_path: Path) -> ReplicatedLedger:
    """The same copy after its process ended."""
    ledger.close()
    return ReplicatedLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START))


def test_what_is_decided_is_the_root_that_is_kept(ledger: ReplicatedLedger) -> None:
    for height in range(1, 4):
        block = ledger.decide([lot(f"{height}-{one}") for one in range(150 * height)], height, NOW + height)
        assert ledger.root != block.root
        ledger.keep()
        assert (ledger.root, ledger.height) == (block.root, height)


def test_a_decided_block_that_is_not_kept_never_was(ledger: ReplicatedLedger, tmp_path: Path) -> None:
    root = ledger.machine.state.root()
    first = ledger.decide([lot("A")], 1, NOW)
    ledger.forget()
    assert (ledger.machine.state.root(), ledger.height) == (root, 0)
    ledger.decide([lot("A"), lot("B")], 1, NOW)
    ledger = opened(ledger, tmp_path)
    assert (ledger.machine.state.root(), ledger.height) == (root, 0)
    assert ledger.decide([lot("A")], 1, NOW).root == first.root
    assert ledger.decide([lot("A")], 1, NOW).root == first.root
    ledger.close()


def test_a_block_without_transactions_appends_nothing(ledger: ReplicatedLedger, tmp_path: Path) -> None:
    root = ledger.root
    assert ledger.decide([b"nonsense"], 7, NOW).root == root
    ledger.keep()
    ledger = opened(ledger, tmp_path)
    assert (ledger.root, ledger.height, ledger.machine.height) == (root, 7, 1)
    ledger.close()


def test_the_same_blocks_give_the_log_of_the_embedded_ledger(ledger: ReplicatedLedger, tmp_path: Path) -> None:
    clock = FixedClock(START)
    alone = SqliteLedger.create(tmp_path / "alone.db", genesis(), KEYS["log"], clock)
    for height, names in enumerate(("A", "BCD", "", "AE"), 1):
        entries = [lot(one) for one in names]
        answers = ledger.decide(entries, height, NOW).answers
        ledger.keep()
        told = alone.submit(entries)
        assert [getattr(one, "code", one) for one in told] == [getattr(one, "code", one) for one in answers]
        assert alone.head() == ledger.head()
    assert alone.receipt(4) == ledger.receipt(4)
    alone.close()


def test_its_file_is_a_ledger_as_any_other(ledger: ReplicatedLedger, tmp_path: Path) -> None:
    ledger.decide([lot("A"), lot("B")], 1, NOW)
    ledger.keep()
    file = LedgerFile(tmp_path / "ledger.db")
    assert audit(file, NoteKey(ORIGIN, public("log"))) == ([], ledger.machine.size)
    file.close()


def test_nobody_writes_it_alone(ledger: ReplicatedLedger, tmp_path: Path) -> None:
    with pytest.raises(TallywardError, match="agreement_missing"):
        ledger.submit([lot("A")])
    ledger.decide([lot("A")], 1, NOW)
    ledger.keep()
    ledger.close()
    alone = SqliteLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START))
    alone.submit([lot("B")])
    alone.close()
    with pytest.raises(TallywardError, match="head_differs"):
        ReplicatedLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START))


def test_block_time_never_goes_back(ledger: ReplicatedLedger) -> None:
    ledger.decide([lot("A")], 1, NOW + 50)
    ledger.keep()
    ledger.decide([lot("B")], 2, NOW + 20)
    ledger.keep()
    assert ledger.machine.time == NOW + 50


def test_validators_change_with_the_governors_decisions(ledger: ReplicatedLedger) -> None:
    assert ledger.validators == {vote_key(one): 1 for one in VALIDATORS}
    governors = ("op", "op2", "regulator")
    added = said(KeyAdd("SHOP", vote_key("SHOP"), 32, None, 0), *governors)
    assert ledger.decide([added], 1, NOW).validators == {vote_key("SHOP"): 1}
    ledger.keep()
    removed = said(MemberRemove("RES", 1), *governors)
    revoked = said(KeyRevoke("OP2", vote_key("OP2"), 2), *governors)
    assert ledger.decide([removed, revoked], 2, NOW).validators == {vote_key("RES"): 0, vote_key("OP2"): 0}
    few = said(KeyAdd("OP2", vote_key("OP2"), 32, None, 3), "op", "op2")
    block = ledger.decide([few], 3, NOW)
    assert not block.validators


def test_a_snapshot_has_the_height_at_which_it_was_kept(
    ledger: ReplicatedLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (ledger.snapshot_at, ledger.snapshot()) == (None, b"")
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (4, 1000))
    heights = []
    for height, count in enumerate((1, 2, 0, 0, 1, 3), 1):
        before = ledger.snapshot_at
        ledger.decide([lot(f"{height}-{one}") for one in range(count)], height, NOW + height)
        assert ledger.snapshot_at == before  # nothing is kept of what is decided only
        ledger.keep()
        heights.append(ledger.snapshot_at)
    assert heights == [(1, 4), (1, 4), (1, 4), (1, 4), (5, 9), (6, 13)]
    assert size_of(ledger.snapshot()) == 13
    ledger.decide([], 7, NOW + 7)
    ledger.keep()
    ledger = opened(ledger, tmp_path)
    assert (ledger.height, ledger.snapshot_at) == (7, (6, 13))
    ledger.close()
