"""A watched folder on a real disk: what is listed, where it goes, and a watcher killed again and again."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.kernel.errors import UnavailableError
from tallyward.records.adapters.drop_folder import WatchedFolder
from tallyward.records.intake_state import Doing
from tests.records.adapters import crash_watcher, crash_writer
from tests.records.adapters.test_folder import STEPS, environment
from tests.records.making import all_rows, csv_of, line


def test_only_regular_files_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "b.csv.part").write_text("xy")
    (tmp_path / "done").mkdir()
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.csv")
    found = {one.name: one for one in WatchedFolder(tmp_path).listing()}
    assert set(found) == {"a.csv", "b.csv.part"}
    assert (found["a.csv"].size, found["a.csv"].temporary, found["b.csv.part"].temporary) == (1, False, True)
    assert found["a.csv"].inode == (tmp_path / "a.csv").stat().st_ino


def test_a_file_goes_to_done_or_refused_and_never_over_another(tmp_path: Path) -> None:
    folder = WatchedFolder(tmp_path)
    for text in ("1", "2", "3"):
        (tmp_path / "a.csv").write_text(text)
        folder.put_away("a.csv", refused=False)
    (tmp_path / "a.csv").write_text("bad")
    folder.put_away("a.csv", refused=True)
    folder.put_away("a.csv", refused=True)  # gone: nothing to do
    done = {path.name: path.read_text() for path in (tmp_path / "done").iterdir()}
    assert done == {"a.csv": "1", "a.csv.2": "2", "a.csv.3": "3"}
    assert (tmp_path / "refused" / "a.csv").read_text() == "bad"
    assert not folder.listing()


def test_a_folder_that_is_gone_or_closed_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"records\.drop_unreadable"):
        WatchedFolder(tmp_path / "nowhere").listing()
    (tmp_path / "done").write_text("a file in the way")
    (tmp_path / "a.csv").write_text("1")
    with pytest.raises(UnavailableError, match=r"records\.drop_not_moved"):
        WatchedFolder(tmp_path).put_away("a.csv", refused=False)


ROWS = 40


def put(drop: Path, number: int) -> None:
    """A file whose rows say which file and which row they are, written the careful way."""
    rows = [
        line(bytes_up=str(number), bytes_down=str(row), start_time=f"2026-03-01T0{number % 8}:00:00Z")
        for row in range(ROWS)
    ]
    part = drop / f"{number:04d}.csv.part"
    part.write_bytes(csv_of(rows))
    part.rename(drop / f"{number:04d}.csv")


@pytest.mark.slow
def test_kill_9_between_the_steps_and_at_random_counts_each_file_once(tmp_path: Path) -> None:
    drop, folder = tmp_path / "drop", tmp_path / "records"
    drop.mkdir()
    chance = random.Random(5)
    plan = [
        (step, str(nth))
        for step, nth in zip([*STEPS, "taken", "put_away", "taken", "committed"], [1, 2] * 6, strict=True)
    ]
    plan += [("", "")] * 14
    files = 0
    for step, nth in plan:
        for _ in range(3):
            put(drop, files)
            files += 1
        command = [sys.executable, crash_watcher.__file__, str(folder), str(drop), *((step, nth) if step else ())]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as child:
            assert child.stdout is not None
            assert child.stdout.readline()
            if not step:
                time.sleep(chance.uniform(0, 0.08))
                put(drop, files)
                files += 1
                time.sleep(chance.uniform(0, 0.08))
                child.kill()
            assert child.wait(60) == -signal.SIGKILL, f"not killed at {step} {nth}"
    assert len(plan) >= 20
    records = crash_writer.open_it(folder)
    try:
        last = crash_watcher.watcher(records, drop, crash_watcher.Shown())
        while last.round():
            pass
        rows = all_rows(records)
        pairs = {(row["up"], row["dn"]) for row in rows.select(["up", "dn"]).to_pylist()}
        assert len(pairs) == rows.num_rows == files * ROWS
        assert len(list((drop / "done").iterdir())) == files
        assert records.upkeep.verify().faults == ()
        (source,) = records.sources()
        assert (source.records, source.duplicates, source.files) == (files * ROWS, 0, files)
    finally:
        records.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk: run the tests as root")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path, small_disk: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    ballast = small_disk / "ballast"
    records = crash_writer.open_it(small_disk / "records")
    board = crash_watcher.Shown()
    work = crash_watcher.watcher(records, drop, board)
    try:
        ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 250_000))
        files = 0
        while board.states[-1].doing is not Doing.STOPPED:
            put(drop, files)
            files += 1
            work.round()
            assert files < 500
        assert board.states[-1].reason_code == "records.disk_full"
        for _ in range(3):
            put(drop, files)
            files += 1
            assert work.round() == 0
        ballast.unlink()
        while work.round():
            pass
        assert board.states[-1].reason_code == ""
        assert all_rows(records).num_rows == files * ROWS
        assert records.upkeep.verify().faults == ()
        assert len(list((drop / "done").iterdir())) == files
    finally:
        records.close()
