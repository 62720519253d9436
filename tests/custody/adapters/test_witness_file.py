"""A witness's file: it remembers across restarts, never signs back, and survives a line cut short."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_file import WitnessFile
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.witness import ForkedError
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


def test_a_log_that_was_rolled_back_and_grew_again_is_proven_to_have_two_views(
    open_ledger: Callable[[], SqliteLedger], tmp_path: Path
) -> None:
    ledger, heads = open_ledger(), []
    for number in range(40):
        heads.append(grow(ledger, f"L{number}"))
        assert file_of(tmp_path).cosign(heads[-1], lambda old: ledger.consistency(old, ledger.head().head.size))
    for head in heads:
        with pytest.raises(ForkedError) as caught:
            file_of(tmp_path).add(forged(head.head.size), [])
        assert caught.value.proof.one.head == head.head
        assert caught.value.proof.holds(LOG)
    for head in heads[:-1]:
        with pytest.raises(TallywardError, match="head_stale"):
            file_of(tmp_path).cosign(head, lambda _: [])
    with pytest.raises(TallywardError, match="head_stale"):
        file_of(tmp_path).add(forged(heads[3].head.size + 1), [])


def test_the_same_head_again_is_signed_again_and_the_file_does_not_grow(
    open_ledger: Callable[[], SqliteLedger], tmp_path: Path
) -> None:
    head = open_ledger().head()
    file_of(tmp_path).add(head, [])
    before = (tmp_path / "witness.jsonl").read_bytes()
    for _ in range(5):
        assert file_of(tmp_path).cosign(head, lambda _: []).name == WATCHER_KEY.name
    assert (tmp_path / "witness.jsonl").read_bytes() == before


def test_a_disk_that_takes_nothing_signs_nothing(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    witness = WitnessFile(Path("/dev/full"), WATCHER, FixedClock(START))
    with pytest.raises(TallywardError, match="witness_not_durable"):
        witness.add(open_ledger().head(), [])
