"""Rounds of a watcher: what goes where, what stops it, what does not."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import EnterpriseId
from tallyward.kernel.paging import PageRequest
from tallyward.records.adapters.folder import open_records
from tallyward.records.adapters.parquet_segments import ParquetSegments
from tallyward.records.intake_state import Doing
from tallyward.records.model import SourceState
from tallyward.records.service import RecordsService
from tests.records.adapters.crash_watcher import Shown, watcher
from tests.records.conftest import Opener
from tests.records.making import all_rows, csv_of, line, small_registry


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def put(drop: Path, name: str, *, duration: int = 60, rows: int = 2) -> Path:
    path = drop / name
    path.write_bytes(csv_of([line(duration=str(duration), bytes_up=str(row)) for row in range(rows)]))
    os.utime(path, (1_700_000_000 + duration, 1_700_000_000 + duration))
    return path


def test_good_files_go_to_done_broken_ones_to_refused(records: RecordsService, drop: Path) -> None:
    board = Shown()
    work = watcher(records, drop, board)
    put(drop, "a.csv")
    put(drop, "b.csv", duration=61, rows=3)
    (drop / "broken.csv").write_bytes(b"\0" * 100)
    (drop / "c.csv.part").write_text("still coming")
    assert work.round() == 3
    assert work.round() == 0
    assert sorted(path.name for path in (drop / "done").iterdir()) == ["a.csv", "b.csv"]
    assert [path.name for path in (drop / "refused").iterdir()] == ["broken.csv"]
    assert (drop / "c.csv.part").exists()
    state = board.states[-1]
    assert (state.doing, state.taken, state.refused, state.repeated) == (Doing.WATCHING, 2, 1, 0)
    assert (state.behind.waiting, state.behind.bytes) == (1, 12)
    assert all_rows(records).num_rows == 5
    assert any(state.doing is Doing.TAKING for state in board.states)


def test_a_name_that_is_no_text_is_taken_and_told_all_the_same(records: RecordsService, drop: Path) -> None:
    name = os.fsdecode(b"\xb7\xc7\nUTF-8.csv")
    put(drop, name)
    (drop / os.fsdecode(b"\xff.csv")).write_bytes(b"\0" * 10)
    work = watcher(records, drop, Shown())
    assert [work.round(), work.round()] == [2, 0]
    assert (drop / "done" / name).exists()
    (aside,) = records.quarantine(PageRequest()).rows
    assert aside.name == "\\udcff.csv"


def test_a_file_that_was_taken_before_the_crash_is_only_put_away(records: RecordsService, drop: Path) -> None:
    put(drop, "a.csv")

    def crash(step: str) -> None:
        if step == "taken":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watcher(records, drop, Shown(), step=crash).round()
    assert (drop / "a.csv").exists()
    board = Shown()
    assert watcher(records, drop, board).round() == 1
    assert (drop / "done" / "a.csv").exists()
    assert all_rows(records).num_rows == 2
    again = watcher(records, drop, board)
    again.round()
    assert board.states[-1].doing is Doing.WATCHING


def test_files_may_stay_where_they_are(records: RecordsService, drop: Path) -> None:
    work = watcher(records, drop, Shown(), stays=True)
    put(drop, "a.csv")
    assert [work.round(), work.round()] == [1, 0]
    assert (drop / "a.csv").exists()
    put(drop, "a.csv", duration=62)  # another file under the same name
    assert [work.round(), work.round()] == [1, 0]
    assert all_rows(records).num_rows == 4


def test_a_file_that_can_not_be_read_holds_up_no_other(
    records: RecordsService, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(drop, "a.csv", duration=1)
    put(drop, "b.csv", duration=2)
    board = Shown()
    work = watcher(records, drop, board)
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == "a.csv" and broken:
            raise PermissionError(errno.EACCES, "denied")
        return opened(path, *arguments, **named)

    broken = True
    monkeypatch.setattr(Path, "open", refuse)
    assert [work.round(), work.round()] == [1, 0]
    state = board.states[-1]
    assert (state.doing, state.failing, state.reason_code) == (Doing.WATCHING, 1, "records.file_unreadable")
    assert "a.csv" in state.sentence("en")
    broken = False
    assert [work.round(), work.round()] == [1, 0]
    assert board.states[-1].failing == 0


def test_a_file_that_can_not_be_moved_counts_once_and_is_told(records: RecordsService, drop: Path) -> None:
    (drop / "done").symlink_to("nowhere")
    put(drop, "a.csv")
    board = Shown()
    work = watcher(records, drop, board)
    assert [work.round(), work.round(), work.round()] == [1, 0, 0]
    assert (board.states[-1].reason_code, board.states[-1].failing) == ("records.drop_not_moved", 1)
    assert (board.states[-1].taken, all_rows(records).num_rows) == (1, 2)
    (drop / "done").unlink()
    work.round()
    assert (drop / "done" / "a.csv").exists()
    assert (board.states[-1].reason_code, board.states[-1].failing) == ("", 0)


def test_a_folder_that_is_gone_stops_it_until_it_is_back(records: RecordsService, drop: Path) -> None:
    board = Shown()
    work = watcher(records, drop, board)
    drop.rename(drop.with_name("away"))
    assert work.round() == 0
    assert (board.states[-1].doing, board.states[-1].reason_code) == (Doing.STOPPED, "records.drop_unreadable")
    drop.with_name("away").rename(drop)
    put(drop, "a.csv")
    assert work.round() == 1


def test_it_waits_until_it_is_known_whose_records_they_are(records: RecordsService, drop: Path) -> None:
    known: list[SourceState] = []

    def source() -> SourceState:
        if not known:
            raise InvalidError("wiring.operator_unclear", operators=0)
        return known[0]

    board = Shown()
    work = watcher(records, drop, board, source=source)
    put(drop, "a.csv")
    assert work.round() == 0
    assert board.states[-1].doing is Doing.STOPPED
    watcher(records, drop.parent, Shown())
    records.add_source("drop", EnterpriseId(4))
    known.append(records.sources()[0])
    assert work.round() == 1
    work.round()
    assert (board.states[-1].doing, board.states[-1].reason_code) == (Doing.WATCHING, "")


def test_a_full_disk_stops_it_and_room_lets_it_go_on_without_loss(opened: Opener, drop: Path) -> None:
    full = ""

    def step(name: str) -> None:
        if name == full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    records = opened(step=step)
    board = Shown()
    work = watcher(records, drop, board)
    for number in range(4):
        put(drop, f"{number}.csv", duration=number)
    for at in ("written", "offset_moved", "before_commit"):
        full = at
        assert work.round() == 0
        state = board.states[-1]
        assert (state.doing, state.reason_code, state.behind.waiting) == (Doing.STOPPED, "records.disk_full", 4)
        assert state.sentence("zh-CN") != state.sentence("en")
    full = ""
    assert work.round() == 4
    work.round()
    assert board.states[-1].doing is Doing.WATCHING
    assert all_rows(records).num_rows == 8
    assert len(list((drop / "done").iterdir())) == 4
    assert not records.upkeep.verify().faults


def test_intake_stops_before_the_disk_is_really_full(
    tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 99 << 20
    monkeypatch.setattr(ParquetSegments, "free_bytes", lambda _self: free)
    records = open_records(tmp_path / "records", small_registry, SystemClock(), floor_bytes=100 << 20)
    board = Shown()
    work = watcher(records, drop, board)
    assert work.round() == 0
    assert board.states[-1].doing is Doing.WATCHING, "nothing waits, so nothing is stopped"
    put(drop, "a.csv")
    assert work.round() == 0
    assert board.states[-1].reason_code == "records.disk_low"
    assert "99 MB" in board.states[-1].sentence("en")
    free = 100 << 20
    assert work.round() == 1
    records.close()
