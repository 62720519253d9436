"""A folder of records and what may befall it: crashes at every step, a full disk, another writer, no right to write."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError, TallywardError, UnavailableError
from tallyward.records.adapters.folder import open_records
from tallyward.records.service import RecordsService
from tests.records.adapters import crash_writer
from tests.records.conftest import OPERATOR, Opener
from tests.records.making import all_rows, csv_of, line, usage_rows

STEPS = ["opened", "written", "synced", "renamed", "syncing_folder", "folders_synced", "offset_moved", "before_commit"]
ROOT = Path(__file__).resolve().parents[3]


def environment(scratch: Path) -> dict[str, str]:
    """Of a child that finds the source, and keeps its bytecode for the next child."""
    mine = {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONPYCACHEPREFIX": str(scratch / "cache"),
    }
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | mine


def write_until_killed(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, crash_writer.__file__, str(folder), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(folder.parent),
    )


def acknowledged(child: subprocess.Popen[str]) -> Iterator[int]:
    assert child.stdout is not None
    for said in child.stdout:
        if said.endswith("\n"):
            yield int(said)


def check_nothing_lost_or_doubled(folder: Path, told: set[int]) -> set[int]:
    """Every acknowledged batch is there whole, no batch twice or in part; all batches that are there."""
    with_it = crash_writer.open_it(folder)
    try:
        counts = crash_writer.rows_of_batches(with_it)
        assert set(counts.values()) <= {crash_writer.ROWS}
        assert told <= set(counts)
        assert set(counts) - told <= {max(told, default=-1) + 1}
        segments = {path for day in with_it.days() for path in (s.path for s in with_it.snapshot(day).segments)}
        assert segments == set(folder.glob("day=*/b=*/*"))
        assert sum(sum(with_it.hours(day)) for day in with_it.days()) == len(counts) * crash_writer.ROWS
        return set(counts)
    finally:
        with_it.close()


@pytest.mark.slow
def test_kill_9_at_each_step_and_at_random_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder, told, kills = tmp_path / "records", set[int](), 0
    chance = random.Random(11)
    plan = [(step, str(nth)) for step, nth in zip(STEPS + STEPS[::2], [1, 3, 2] * 4, strict=True)]
    plan += [("random", "")] * 10
    for step, nth in plan:
        child = write_until_killed(folder, *((step, nth) if nth else ()))
        try:
            first = next(acknowledged(child), None)
            told |= {first} if first is not None else set()
            if not nth:
                time.sleep(chance.uniform(0, 0.15))
                child.kill()
            told |= set(acknowledged(child))
            assert child.wait(60) == -signal.SIGKILL, f"the writer was not killed at {step} {nth}"
        finally:
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        kills += 1
        told = check_nothing_lost_or_doubled(folder, told)  # one that was killed before it could say so counts as well
    assert kills >= 20
    assert len(told) >= 10  # one at least for each kill at random


class Broken:
    """Refuses one step of a commit with an error of the system, as often as told."""

    def __init__(self) -> None:
        self.step = ""
        self.number = errno.EIO

    def __call__(self, step: str) -> None:
        if step == self.step:
            raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "records.disk_full"), (errno.EIO, "records.disk_failing")])
def test_a_full_or_failing_disk_leaves_the_offset_unmoved(opened: Opener, step: str, number: int, code: str) -> None:
    broken = Broken()
    service = opened(step=broken)
    source = service.add_source("mediation-1", OPERATOR)
    service.take_batch(source, "1", usage_rows(100))
    before, version = all_rows(service), service.version()
    broken.step, broken.number = step, number
    data = csv_of([line(peer="new.apn"), line(cell="460-00-77-77")])
    with pytest.raises(UnavailableError) as error:
        service.take_bytes(source, "a.csv", data)
    assert error.value.code == code
    assert service.version() == version
    assert all_rows(service).equals(before)
    broken.step = ""
    report = service.take_bytes(source, "a.csv", data)
    assert (report.records, report.duplicate) == (2, False)
    assert service.peer_text(all_rows(service)["peer"].to_pylist()).count("new.apn") == 1
    service.close()
    again = opened()
    assert all_rows(again).num_rows == 102
    assert again.orphans_dropped <= 2
    assert again.peer_text(all_rows(again)["peer"].to_pylist()).count("new.apn") == 1


FILE_LIMIT = """
import resource, signal, sys
from pathlib import Path
from tests.records.adapters import crash_writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
service = crash_writer.open_it(Path(sys.argv[1]))
source = service.add_source("writer", 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    service.take_batch(source, "1", crash_writer.batch(0, rows=200_000))
except Exception as error:
    print(error.code, service.version())
"""


def test_the_systems_own_refusal_to_write_is_told_as_a_full_disk(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILE_LIMIT, str(tmp_path / "records")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(tmp_path)).stdout
    assert said == "records.disk_full 0\n"
    assert not list(tmp_path.glob("records/day=*/b=*/*"))


def test_two_writers_on_one_folder(opened: Opener) -> None:
    first = opened()
    with pytest.raises(ConflictError, match=r"records.locked_by_other"):
        opened()
    first.close()
    opened()


def test_a_store_that_can_not_be_opened_lets_the_lock_go(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "manifest.sqlite").write_bytes(b"no database at all, and long enough to tell it" * 50)
    for _ in range(2):
        with pytest.raises(TallywardError, match=r"records.manifest_unreadable"):
            opened()


READ_ONLY = """
import os, sys
from pathlib import Path
from tests.records.adapters import crash_writer
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    crash_writer.open_it(Path(sys.argv[1]))
except Exception as error:
    print(error.code)
"""


def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    """In a child that gives up its rights, since root may write anywhere."""
    folder = tmp_path / "records"
    folder.mkdir(mode=0o555)
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env=environment(tmp_path),
    )
    assert done.stdout == "records.folder_read_only\n", done.stderr


def test_a_gigabyte_of_zeros_is_refused_at_once(records: RecordsService, tmp_path: Path) -> None:
    source = records.add_source("mediation-1", OPERATOR)
    for name in ("zeros.csv", "zeros.ber", "zeros.parquet", "zeros"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(1 << 30)
    before = time.monotonic()
    reports = [records.take_file(source, path) for path in sorted(tmp_path.glob("zeros*"))]
    assert time.monotonic() - before < 5
    assert [report.quarantined for report in reports] == [True] * 4
    assert [report.duplicate for report in reports] == [False, True, True, True]


def test_open_records_needs_nothing_but_a_folder(tmp_path: Path) -> None:
    service = crash_writer.open_it(tmp_path / "deep" / "folder")
    assert service.days() == ()
    service.close()
    assert open_records.__doc__
