"""Witnesses are asked behind everybody's back: each new head, again where they did not sign, and no submit waits."""

import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.cosigning import FILE, FIRST_PAUSE, CustodyCosigning, WitnessLog, WitnessState
from tests.custody.adapters.witnessing import WITNESS_KEY, serving
from tests.custody.chain import KEYS, RULES, START, genesis, signed


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = SqliteLedger.create(tmp_path / "ledger.db", genesis(), KEYS["log"], FixedClock(START))
    yield made
    made.close()


def grow(ledger: SqliteLedger) -> None:
    """One more block."""
    one = RegisterLot("OP", f"L{ledger.machine.size}", 9, bytes(32), "x", RULES.id)
    assert all(isinstance(answer, int) for answer in ledger.submit([signed(ledger.machine.id, one, "op")]))


def cosigning(ledger: SqliteLedger, url: str, folder: Path, clock: FixedClock | None = None) -> CustodyCosigning:
    """What asks one witness."""
    asked = (f"{WITNESS_KEY.text()}={url}",)
    return CustodyCosigning(asked, lambda: ledger, folder, clock or FixedClock(START), seconds=3)


def test_each_new_head_is_signed_once(ledger: SqliteLedger, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        one = cosigning(ledger, server.url, tmp_path)
        assert [one.look(), one.look()] == [1, 0]
        assert ledger.receipt(0).head.signed_by([WITNESS_KEY])
        grow(ledger)
        assert not ledger.head().signed_by([WITNESS_KEY])
        assert one.look() == 1
        again = cosigning(ledger, server.url, tmp_path)  # as after a restart
        assert again.look() == 0
        (state,) = again.states()
        assert (state.size, state.refused, state.problem) == (ledger.machine.size, 0, None)
        assert state.at == int(START.timestamp())


def test_who_does_not_answer_is_asked_again_later_and_later(ledger: SqliteLedger, tmp_path: Path) -> None:
    clock = FixedClock(START)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    one = cosigning(ledger, f"http://127.0.0.1:{port}", tmp_path, clock)
    tries = []
    for second in range(8 * FIRST_PAUSE):
        clock.set(START + timedelta(seconds=second))
        before = one.states()[0].refused
        assert one.look() == 0
        tries += [second] * (one.states()[0].refused - before)
    assert tries == [0, FIRST_PAUSE, 3 * FIRST_PAUSE, 7 * FIRST_PAUSE]
    (state,) = one.states()
    assert state.problem is not None
    assert WITNESS_KEY.name in state.problem["en"]
    assert state.problem["zh-CN"]
    with serving(tmp_path) as server:
        clock.set(START + timedelta(hours=1))
        assert cosigning(ledger, server.url, tmp_path, clock).look() == 1
    assert one.states()[0].problem is None


def test_no_submit_waits_for_a_witness_that_is_silent(ledger: SqliteLedger, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        one = cosigning(ledger, f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)
        asking = threading.Thread(target=one.look)
        asking.start()
        line, _ = silent.accept()  # now it is being asked
        grow(ledger)
        assert asking.is_alive()
        asking.join()
        line.close()
    assert one.states()[0].refused == 1


def test_a_ledger_that_was_put_back_is_told(ledger: SqliteLedger, tmp_path: Path) -> None:
    yesterday = tmp_path / "yesterday"
    shutil.copytree(tmp_path, yesterday, ignore=shutil.ignore_patterns("yesterday"))
    with serving(tmp_path) as server:
        grow(ledger)
        assert cosigning(ledger, server.url, tmp_path).look() == 1
        old = SqliteLedger(yesterday / "ledger.db", KEYS["log"], FixedClock(START))
        one = cosigning(old, server.url, tmp_path)
        assert one.look() == 0
        (state,) = one.states()
        assert state.size > old.machine.size
        assert state.problem is not None
        old.close()


@pytest.mark.parametrize(
    ("text", "code"),
    [("w+00+AA==", "note_key"), (WITNESS_KEY.text(), "witness_url"), (f"{WITNESS_KEY.text()}=ftp://x", "witness_url")],
)
def test_a_wrong_setting_is_refused(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(TallywardError, match=code):
        CustodyCosigning((text,), lambda: None, tmp_path, FixedClock(START))


def test_nothing_is_asked_without_ledger_or_witness(ledger: SqliteLedger, tmp_path: Path) -> None:
    asked = (f"{WITNESS_KEY.text()}=http://127.0.0.1:1",)
    assert CustodyCosigning(asked, lambda: None, tmp_path, FixedClock(START)).look() == 0
    assert CustodyCosigning((), lambda: ledger, tmp_path, FixedClock(START)).look() == 0
    assert not (tmp_path / FILE).exists()


def test_a_broken_log_is_begun_anew(tmp_path: Path) -> None:
    log = WitnessLog(tmp_path / "w.json")
    assert log.states() == {}
    one = WitnessState("w", "00", 4, 5)
    log.keep([one])
    assert log.states() == {"00": one}
    for text in ("{", "[1]", '[{"key": "00", "more": 1}]'):
        (tmp_path / "w.json").write_text(text)
        assert log.states() == {}
