"""A witness's file: it remembers across restarts, never signs back, and survives a line cut short."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_file import WitnessFile
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import START
from tests.custody.test_witness import LOG, WATCHER, WATCHER_KEY, forged, grow


def file_of(folder: Path) -> WitnessFile:
    """The witness, opened anew."""
    return WitnessFile(folder / "witness.jsonl", WATCHER, FixedClock(START))


def test_it_remembers_what_it_signed(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    ledger = open_ledger()
    assert file_of(tmp_path).last() is None
    first = file_of(tmp_path).add(ledger.head(), [])
    assert first.signed_by([LOG, WATCHER_KEY]) == [LOG, WATCHER_KEY]
    new = grow(ledger, "A")
    file_of(tmp_path).add(new, ledger.consistency(first.head.size, new.head.size))
    last = file_of(tmp_path).last()
    assert last is not None
    assert last.head == new.head
    with pytest.raises(TallywardError, match="head_stale"):
        file_of(tmp_path).add(first, [])
    with pytest.raises(TallywardError, match="forked"):
        file_of(tmp_path).add(forged(new.head.size), [])


def test_a_line_cut_short_by_a_crash_was_never_signed(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    ledger = open_ledger()
    first = file_of(tmp_path).add(ledger.head(), [])
    path = tmp_path / "witness.jsonl"
    whole = path.read_bytes()
    new = grow(ledger, "A")
    file_of(tmp_path).add(new, ledger.consistency(first.head.size, new.head.size))
    longer = path.read_bytes()
    for cut in range(len(whole) + 1, len(longer), 37):
        path.write_bytes(longer[:cut])
        assert file_of(tmp_path).last() == first
    file_of(tmp_path).add(new, ledger.consistency(first.head.size, new.head.size))
    assert path.read_bytes().count(b"\n") == 2


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "witness.jsonl").write_bytes(b"7\n")
    with pytest.raises(TallywardError, match="file_unreadable"):
        file_of(tmp_path).last()


def test_of_two_views_at_once_it_signs_one(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    ledger = open_ledger()
    file_of(tmp_path).add(ledger.head(), [])
    start = ledger.head().head.size
    honest = grow(ledger, "A")
    proof = ledger.consistency(start, honest.head.size)

    def offered(one: SignedCheckpoint) -> bool:
        try:
            file_of(tmp_path).add(one, proof if one is honest else [])
        except TallywardError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        views = [honest, forged(honest.head.size)] * 4
        answers = list(pool.map(offered, views))
    assert not any(answer for one, answer in zip(views, answers, strict=True) if one is not honest)
