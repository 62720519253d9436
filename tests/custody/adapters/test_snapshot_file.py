"""A ledger's snapshot in a file: taken up where the log proves it, never waited for, never in the way of opening."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Container
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tallyward.custody.adapters import sqlite_ledger
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.snapshot_file import SnapshotFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import Fault, audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.entry import Entry
from tallyward.custody.fields import Part
from tallyward.custody.machine import Checked, Machine
from tallyward.custody.state import Change
from tallyward.custody.transactions import Offer, RegisterLot
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, LATER, ORIGIN, RULES, START, genesis, public, signed
from tests.custody.market import Market
from tests.custody.whole_state import same

PUBLIC = public("log")


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot for each block."""
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (1, 1 << 40))


@pytest.fixture
def path(tmp_path: Path, often: None) -> Path:
    """A ledger with a bit of everything, and its snapshot."""
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger.create(path, genesis(), KEYS["log"], FixedClock(START))) as ledger:
        add(ledger, "A", "B")
        cause = ledger.machine.state.spans.at(0, 0).cause
        ledger.submit([signed(ledger.machine.id, Offer("OP", "RES", (Part("A", 0, 5, cause),), LATER, None), "op")])
    return path


def add(ledger: SqliteLedger, *lots: str) -> None:
    """One block more."""
    one = [RegisterLot("OP", name, 10, bytes(32), "NB-IoT", RULES.id) for name in lots]
    assert all(isinstance(each, int) for each in ledger.submit([signed(ledger.machine.id, each, "op") for each in one]))


def opened(path: Path) -> SqliteLedger:
    return SqliteLedger(path, KEYS["log"], FixedClock(START))


def replayed(path: Path) -> Machine:
    """The machine after all entries, whatever lies beside the file."""
    away = path.with_name("away")
    kept = SnapshotFile(path).path
    kept.rename(away)
    with closing(opened(path)) as ledger:
        found = ledger.machine
    away.rename(kept)
    return found


def taken_up(path: Path) -> Machine | None:
    with closing(LedgerFile(path)) as file:
        *_, head = file.heads()
        return SnapshotFile(path).taken_up(file, head, PUBLIC)


def test_a_ledger_opened_by_its_snapshot_is_the_one_that_was_replayed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = replayed(path)
    with monkeypatch.context() as patch:
        patch.setattr(SqliteLedger, "_from_the_start", lambda _: pytest.fail("it was replayed"))
        with closing(opened(path)) as ledger:
            same(ledger.machine, wanted)
            add(ledger, "C")
            assert ledger.receipt(2).holds
            size = ledger.machine.size
        with closing(opened(path)) as ledger:
            assert ledger.machine.size == size
    same(taken_up(path) or pytest.fail("refused"), replayed(path))


def test_only_what_came_after_is_judged_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (1000, 8))
    with closing(opened(path)) as ledger:
        add(ledger, "C", "D", "E")
        wanted = ledger.machine
    judge, judged = Machine.judge, []

    def counted(machine: Machine, entry: Entry, now: int, proven: Container[Checked]) -> Change:
        judged.append(machine.size)
        return judge(machine, entry, now, proven)

    monkeypatch.setattr(Machine, "judge", counted)
    with closing(opened(path)) as ledger:
        assert judged == [wanted.size - 4, wanted.size - 3, wanted.size - 2]
        same(ledger.machine, wanted)


def test_what_is_wrong_with_an_entry_after_it_is_found_at_opening(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (1000, 8))
    with closing(opened(path)) as ledger:
        number = ledger.machine.size
        add(ledger, "C")
    with closing(LedgerFile(path, read_only=False)) as file:
        changed = "UPDATE entry SET data = CAST(replace(data, 'NB-IoT', 'NB-iot') AS BLOB) WHERE number = ?"
        file.db.execute(changed, (number,))
    with pytest.raises(TallywardError, match="state_differs"):
        opened(path)


def test_small_ledgers_and_small_changes_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (20, 2))
    path = tmp_path / "ledger.db"
    file = SnapshotFile(path).path
    sizes = []
    with closing(SqliteLedger.create(path, genesis(), KEYS["log"], FixedClock(START))) as ledger:
        for block in range(50):
            before = file.stat().st_mtime_ns if file.exists() else 0
            add(ledger, f"L{block}")
            if file.exists() and file.stat().st_mtime_ns != before:
                sizes.append(ledger.machine.size)
    assert sizes == [20, 40, 80]


def test_the_file_is_its_owners_alone(path: Path) -> None:
    assert SnapshotFile(path).path.stat().st_mode & 0o777 == 0o600
    assert not list(path.parent.glob("*.part"))


def other_ledger(path: Path) -> None:
    """A snapshot that is good, of another ledger of the same size."""
    other = path.with_name("other.db")
    with closing(SqliteLedger.create(other, Market({}).entries[0][1], KEYS["log"], FixedClock(START))):
        pass
    SnapshotFile(other).path.replace(SnapshotFile(path).path)


def rolled_back(path: Path) -> None:
    """The log is put back to an older day, its snapshot is not."""
    shutil.copy(path, path.with_name("yesterday"))
    with closing(opened(path)) as ledger:
        add(ledger, "LATER")
    path.with_name("yesterday").replace(path)


def rolled_back_and_gone_on(path: Path) -> None:
    """It has gone on in another way since."""
    rolled_back(path)
    kept = SnapshotFile(path).path.read_bytes()
    with closing(opened(path)) as ledger:
        add(ledger, "OTHER")
        add(ledger, "MORE")
    SnapshotFile(path).path.write_bytes(kept)


def rewritten(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Other bytes in the file."""

    def rewrite(path: Path) -> None:
        file = SnapshotFile(path).path
        file.write_bytes(change(file.read_bytes()))

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (rewritten(lambda _: b""), "ends too early"),
        (rewritten(lambda data: data[:-1]), "ends too early"),
        (rewritten(lambda data: os.urandom(len(data))), "it is none"),
        (rewritten(lambda data: data.replace(b"NB-IoT", b"NB-iot")), "root is not the one"),
        (other_ledger, "another ledger"),
        (rolled_back, "ahead of the log"),
        (rolled_back_and_gone_on, "root is not the one"),
    ],
)
def test_what_the_log_does_not_prove_is_told_and_left(path: Path, spoil: Callable[[Path], None], why: str) -> None:
    spoil(path)
    with capture_logs() as heard, closing(opened(path)) as ledger:
        found = ledger.machine
    (told,) = heard
    assert (told["log_level"], told["code"]) == ("warning", "custody.snapshot_refused")
    assert why in told["problem"]
    same(found, replayed(path))
    same(taken_up(path) or pytest.fail("no new one was kept"), found)


def test_a_head_of_another_key_proves_nothing(path: Path) -> None:
    with closing(LedgerFile(path)) as file, capture_logs() as heard:
        *_, head = file.heads()
        assert SnapshotFile(path).taken_up(file, head, public("stranger")) is None
    assert "not signed" in heard[0]["problem"]


def test_a_last_block_that_is_not_under_the_head_proves_nothing(path: Path) -> None:
    with closing(LedgerFile(path, read_only=False)) as file, capture_logs() as heard:
        *_, head = file.heads()
        file.db.execute("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0")
        assert SnapshotFile(path).taken_up(file, head, PUBLIC) is None
    assert "not in the log" in heard[0]["problem"]


def test_no_snapshot_and_no_place_for_one_are_no_hindrance(path: Path) -> None:
    wanted = replayed(path)
    file = SnapshotFile(path).path
    file.unlink()
    file.with_name(f"{file.name}.part").mkdir()
    with capture_logs() as heard, closing(opened(path)) as ledger:
        same(ledger.machine, wanted)
    assert [(one["event"], one["code"]) for one in heard] == [
        ("snapshot not taken up", "custody.snapshot_refused"),
        ("snapshot not kept", "custody.not_durable"),
    ]
    assert {one["log_level"] for one in heard} == {"warning"}


def test_none_of_a_small_ledger_is_not_worth_a_word(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SnapshotFile(path).path.unlink()
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (1000, 8))
    with capture_logs() as heard, closing(opened(path)):
        pass
    assert not heard


def test_nobody_waits_for_another_process_that_writes_it(path: Path) -> None:
    file = SnapshotFile(path).path
    before = file.read_bytes()
    with file.with_name(f"{file.name}.part").open("wb") as part:
        fcntl.flock(part, fcntl.LOCK_EX)
        with closing(opened(path)) as ledger:
            add(ledger, "C")
            size = ledger.machine.size
    assert file.read_bytes() == before
    with closing(opened(path)) as ledger:
        assert ledger.machine.size == size
    assert file.read_bytes() != before


def test_two_that_have_it_open_keep_what_each_can_take_up(path: Path) -> None:
    with closing(opened(path)) as one, closing(opened(path)) as other:
        for block in range(4):
            add(one, f"ONE-{block}")
            add(other, f"OTHER-{block}")
        one.refresh()
        same(one.machine, other.machine)
    same(taken_up(path) or pytest.fail("refused"), replayed(path))


def test_verifying_looks_at_what_a_snapshot_stands_for(path: Path) -> None:
    """An entry is changed that the state hangs on no more: the ledger opens, and an audit finds it."""
    with closing(LedgerFile(path, read_only=False)) as file:
        file.db.execute("UPDATE entry SET data = CAST(replace(data, 'NB-IoT', 'NB-iot') AS BLOB) WHERE number = 2")
    with closing(opened(path)) as ledger:
        assert ledger.machine.state.lots.rows[b"A"].product == "NB-IoT"
    with closing(LedgerFile(path)) as file:
        found, _ = audit(file, NoteKey(ORIGIN, PUBLIC))
    assert Fault.ENTRY_CHANGED in {one.fault for one in found}
    SnapshotFile(path).path.unlink()
    with pytest.raises(TallywardError, match="state_differs"):
        opened(path)


WRITER = """
import os, random, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.custody.chain import KEYS, RULES, START, signed
from tallyward.custody.adapters import snapshot_file, sqlite_ledger
from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.clock import FixedClock
sqlite_ledger._SNAPSHOT = 1, 1 << 40
where = sys.argv[3]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class Dying:
    def __getattr__(self, name):
        return die if name == where else getattr(os, name)

ledger = sqlite_ledger.SqliteLedger(Path(sys.argv[1]), KEYS["log"], FixedClock(START))
if where == "replace":
    Path.replace = die
elif where != "any":
    snapshot_file.os = Dying()
for block in range(100000):
    name = f"{ledger.machine.size}"
    one = RegisterLot("OP", name, 9, bytes(32), "x", RULES.id)
    print(ledger.machine.size + 2, flush=True) if where != "any" else None
    ledger.submit([signed(ledger.machine.id, one, "op")])
    print(ledger.machine.size, flush=True)
"""


@pytest.mark.parametrize(
    ("where", "after"), [("fstat", 0), ("fsync", 0), ("replace", 0), *(("any", after) for after in (0, 2, 5, 9))]
)
def test_kill_9_while_it_is_written_leaves_a_ledger_that_opens(path: Path, where: str, after: int) -> None:
    """At a step of its writing, or so many thousandths of a second after a block."""
    root = str(Path(__file__).parents[3])
    arguments = [sys.executable, "-c", WRITER, str(path), root, where]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        shown = [int(writer.stdout.readline()) for _ in range(7 if where == "any" else 1)]
        if where == "any":
            time.sleep(after / 1000)
            writer.send_signal(signal.SIGKILL)
        shown += [int(one) for one in writer.stdout.read().split()]
        assert writer.wait(60) == -signal.SIGKILL
    with capture_logs() as heard, closing(opened(path)) as ledger:
        assert ledger.machine.size >= max(shown)
        found = ledger.machine
    assert not heard
    same(found, replayed(path))
    same(taken_up(path) or pytest.fail("no snapshot is left"), found)
