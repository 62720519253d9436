"""Compaction, retention and sweeping on a real folder: same records, running readers, kills at every step."""

import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import UnavailableError
from tallyward.kernel.ids import CardId, SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.adapters.parquet_segments import ParquetSegments
from tallyward.records.model import IntakeReport
from tallyward.records.ports import Expired
from tallyward.records.service import RecordsService
from tests.records.adapters import crash_upkeep, crash_writer
from tests.records.adapters.test_folder import environment
from tests.records.conftest import OPERATOR, Opener
from tests.records.making import CARD, DAY, IMSI, all_rows, csv_of, line, usage_rows

ORDER = [(name, "ascending") for name in ("card_id", "ts", "dn", "up", "src")]


def take(records: RecordsService, source: SourceId, batches: int, rows: int = 200) -> None:
    for number in range(batches):
        records.take_batch(source, f"{number}-{records.version()}", usage_rows(rows, seed=number, cards=300))


def test_joined_segments_hold_the_same_records_sorted(
    records: RecordsService, source: SourceId, clock: FixedClock
) -> None:
    take(records, source, 10)
    records.take_bytes(source, "a.csv", csv_of([line(bytes_up=str(n)) for n in range(3)]))
    before, card = all_rows(records).sort_by(ORDER), records.card_records(CardId(CARD), DAY, PageRequest(500))
    version = records.version()
    done = records.upkeep.compact()
    assert (done.before, done.after) == (10, 1)
    assert all_rows(records).sort_by(ORDER).equals(before)
    after = records.card_records(CardId(CARD), DAY, PageRequest(500))
    assert [(row.ts, row.bytes_up) for row in after.rows] == [(row.ts, row.bytes_up) for row in card.rows]
    assert records.version() == version
    assert records.changed_since(version) == []
    assert records.upkeep.verify().faults == ()
    clock.set(clock.now() + timedelta(days=3))
    assert records.upkeep.compact().before == 0, "three late records are not worth writing the day again"
    take(records, source, 3, rows=250)
    assert records.upkeep.compact().before == 5
    (segment,) = records.snapshot(DAY).segments
    keys = [(row["card_id"], row["ts"]) for row in pq.read_table(segment.path, partitioning=None).to_pylist()]
    assert keys == sorted(keys)
    assert records.upkeep.compact().before == 0


def test_a_running_reader_keeps_what_it_reads_until_the_grace_time_is_over(
    records: RecordsService, source: SourceId, clock: FixedClock
) -> None:
    take(records, source, 8)
    snapshot = records.snapshot(DAY)
    records.upkeep.compact()
    assert records.upkeep.sweep(600) == 0
    read = pa.concat_tables([pq.read_table(segment.path, partitioning=None) for segment in snapshot.segments])
    assert read.num_rows == snapshot.rows
    clock.set(clock.now() + timedelta(seconds=600))
    assert records.upkeep.sweep(600) == 8
    assert records.upkeep.sweep(600) == 0
    assert len(records._store.files()) == 1
    assert not records.upkeep.verify().faults


def test_files_in_their_grace_time_outlive_a_start(opened: Opener) -> None:
    records = opened()
    source = records.add_source("s", OPERATOR)
    take(records, source, 8)
    records.upkeep.compact()
    records.close()
    again = opened()
    assert (again.orphans_dropped, len(again._store.files())) == (0, 9)


def test_retention_takes_rows_first_and_files_later(
    records: RecordsService, source: SourceId, clock: FixedClock
) -> None:
    take(records, source, 2)
    now, archived = clock.now(), line(start_time="2026-01-15T05:00:00Z")
    clock.set(now - timedelta(days=45))
    records.take_bytes(source, "old.csv", csv_of([line(start_time="2026-01-15T00:00:00Z"), "bad"]))
    clock.set(now)
    records.take_bytes(source, "archive.csv", csv_of([archived]))
    assert records.upkeep.expire(60) == Expired(0, 0, 0)
    files = len(records._store.files())
    assert records.upkeep.expire(30) == Expired(1, 1, 1)
    assert len(records._store.files()) == files
    assert records.hours(OLD_DAY) == [0, 0, 0, 0, 0, 1, *([0] * 18)], "what came today stays, however old"
    assert records.upkeep.sweep(0) == 1
    assert not records.upkeep.verify().faults
    clock.set(now + timedelta(days=45))
    assert records.upkeep.expire(30).records == 2 * 200 + 1
    assert records.days() == ()
    again = records.take_bytes(source, "old.csv", csv_of([line(start_time="2026-01-15T00:00:00Z"), "bad"]))
    assert again.duplicate, "what was taken once is known for good"


def test_a_damaged_segment_holds_up_no_other_group(records: RecordsService, source: SourceId) -> None:
    take(records, source, 8)
    for number in range(8):
        records.take_bytes(source, f"{number}.csv", csv_of([line(imsi="460001234567891", bytes_up=str(number))]))
    victim = records.snapshot(DAY).bucket(0)[3].path
    victim.write_bytes(b"damaged")
    done = records.upkeep.compact()
    assert (done.before, done.after, done.damaged) == (8, 1, 1)
    assert {fault.path for fault in records.upkeep.verify(quick=True).faults} == {
        str(victim.relative_to(victim.parents[2]))
    }


def test_no_room_to_join_is_told_and_nothing_changes(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    records = opened()
    source = records.add_source("s", OPERATOR)
    take(records, source, 8)
    monkeypatch.setattr(ParquetSegments, "free_bytes", lambda _self: 10)
    with pytest.raises(UnavailableError, match=r"records\.disk_low"):
        records.upkeep.compact()
    assert len(records.snapshot(DAY).segments) == 8


def test_an_intake_under_way_and_a_compaction_do_not_disturb_each_other(
    opened: Opener, source: SourceId, records: RecordsService
) -> None:
    """The batch is taken while its day is joined between its look at the segments and its commit."""
    records.close()
    busy = False

    def step(name: str) -> None:
        nonlocal busy
        if name == "folders_synced" and busy:
            busy = False
            service.upkeep.compact()

    service = opened(step=step)
    data = csv_of([line(bytes_up=str(n)) for n in range(50)])
    for number in range(8):
        service.take_bytes(
            source, f"{number}.csv", csv_of([line(bytes_up=str(number)), line(imsi=str(IMSI), bytes_down=str(number))])
        )
    busy = True
    report: IntakeReport = service.take_bytes(source, "again.csv", data)
    assert (report.duplicates, busy) == (8, False)
    assert all_rows(service).num_rows == 16 + 50 - 8
    assert not service.upkeep.verify().faults


OLD_DAY = date(2026, 1, 15)
STEPS = ["written", "renamed", "syncing_folder", "folders_synced", "old_removed", "before_commit", "committed"]


@pytest.mark.slow
def test_kill_9_while_joining_and_sweeping_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder, told = tmp_path / "records", set[int]()
    chance = random.Random(3)
    plan = [("old_removed", 1), ("old_removed", 3), ("removing", 1), ("removing", 5), *((step, 40) for step in STEPS)]
    plan += [("", 0)] * 10
    for step, nth in plan:
        command = [sys.executable, crash_upkeep.__file__, str(folder), *((step, str(nth)) if step else ())]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as child:
            assert child.stdout is not None
            if not step:
                told.add(int(child.stdout.readline()))
                time.sleep(chance.uniform(0.1, 0.4))
                child.kill()
            told |= {int(said) for said in child.stdout if said.endswith("\n")}
            assert child.wait(60) == -signal.SIGKILL, f"not killed at {step} {nth}"
        records = crash_upkeep.open_it(folder, FixedClock(crash_upkeep.START))
        counts = crash_writer.rows_of_batches(records)
        assert set(counts.values()) == {crash_upkeep.ROWS}
        assert told <= set(counts)
        assert records.upkeep.verify().faults == ()
        records.close()
        told = set(counts)
    assert len(told) > 40


def test_a_start_sees_what_is_gone_or_cut_off_and_leaves_content_to_verify(
    records: RecordsService, source: SourceId
) -> None:
    take(records, source, 4)
    assert records.upkeep.lost() == (0, "")
    changed, cut, gone, _ = (segment.path for segment in records.snapshot(DAY).segments)
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 0xFF
    changed.write_bytes(content)
    assert records.upkeep.lost() == (0, "")
    assert records.upkeep.verify().faults
    cut.write_bytes(cut.read_bytes()[:-1])
    gone.unlink()
    count, first = records.upkeep.lost()
    assert count == 2
    assert str(cut).endswith(first)


def test_segments_that_were_joined_meanwhile_are_not_lost(records: RecordsService, source: SourceId) -> None:
    take(records, source, 8)
    records.upkeep.compact()
    records.upkeep.sweep(0)
    assert records.upkeep.lost() == (0, "")
