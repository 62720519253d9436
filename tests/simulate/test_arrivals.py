import csv
import tracemalloc
from datetime import datetime
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest

from tallyward.kernel.identities import iccid, imei, imsi, msisdn
from tallyward.simulate import arrivals as module
from tallyward.simulate.arrivals import Arrival, arrivals
from tallyward.simulate.columns import Cards, Records
from tallyward.simulate.fleet import Fleet, build_fleet
from tests.simulate.conftest import DAY

HEADER = "imsi,msisdn,iccid,service,start_time,duration,imei,peer,bytes_up,bytes_down,cell,plmn,rat"


@pytest.fixture(scope="module")
def files(fleet: Fleet) -> list[Arrival]:
    return list(arrivals(fleet, 10))


@pytest.fixture(scope="module")
def rows(files: list[Arrival]) -> list[list[dict[str, str]]]:
    return [list(csv.DictReader(StringIO(file.data.decode("utf-8")))) for file in files]


def test_every_record_arrives_once(records: Records, files: list[Arrival], rows: list[list[dict[str, str]]]) -> None:
    assert sum(file.records for file in files) == sum(map(len, rows)) == len(records) + 4 * 6
    assert [len(block) for block in rows] == [file.records for file in files]
    assert len({file.name for file in files}) == 10


def test_files_have_the_documented_header_and_no_quotes(files: list[Arrival]) -> None:
    for file in files:
        assert file.data.decode("ascii").splitlines()[0] == HEADER
        assert b'"' not in file.data


def test_numbers_are_valid(rows: list[list[dict[str, str]]]) -> None:
    for row in rows[3]:
        assert sum(bool(row[name]) for name in ("imsi", "msisdn", "iccid")) == 1
        for name, check in (("imsi", imsi), ("msisdn", msisdn), ("iccid", iccid), ("imei", imei)):
            assert not row[name] or check(row[name]) == row[name]


def test_cards_are_named_by_each_of_their_numbers(rows: list[list[dict[str, str]]]) -> None:
    named = [sum(bool(row[name]) for row in rows[0]) for name in ("imsi", "msisdn", "iccid")]
    assert named[0] > 10 * named[1] > 10
    assert named[2] > 0


def test_times_are_of_the_day_and_come_late_or_out_of_order(rows: list[list[dict[str, str]]]) -> None:
    times = [[datetime.fromisoformat(row["start_time"]) for row in block] for block in rows]
    start = datetime.fromisoformat(f"{DAY}T00:00:00+00:00")
    seconds = [[(moment - start).total_seconds() for moment in block] for block in times]
    every = [second for block in seconds for second in block]
    assert min(every) == 0
    assert max(every) == 86_399
    assert every != sorted(every)
    late = 0
    for before, block in pairwise(seconds):
        newest = max(before)
        late += sum(second < newest for second in block)
    assert 0.005 < late / len(every) < 0.2
    assert {row["start_time"][19:] for block in rows for row in block} == {"+08:00", "Z"}


def test_files_come_in_the_order_of_arrival(files: list[Arrival]) -> None:
    assert [file.at for file in files] == sorted(file.at for file in files)


def test_words_are_told(rows: list[list[dict[str, str]]], cards: Cards) -> None:
    peers = {row["peer"] for block in rows for row in block}
    assert any(":" in peer for peer in peers)
    assert any(peer.endswith(".apn") for peer in peers)
    assert {row["service"] for block in rows for row in block} == {"data", "sms", "voice"}
    assert len(cards) > 0


def test_more_batches_than_records_are_empty_files() -> None:
    small = build_fleet(cards=100, terminals=30, seed=3, day=DAY)
    files = list(arrivals(small, 2_000))
    assert len(files) == 2_000
    assert {file.records for file in files} == {0, 1}
    assert all(file.data.startswith(HEADER.encode()) for file in files)


def _peak(cards: int, scratch: Path) -> int:
    """Most bytes held at once while a day of files of 1,000 cards' records is made."""
    fleet = build_fleet(cards=cards, terminals=cards // 4, seed=3, day=DAY)
    tracemalloc.start()
    try:
        for _ in arrivals(fleet, cards // 1_000, scratch):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_that_of_a_block_whatever_the_fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 1_000)
    small, big = _peak(4_000, tmp_path), _peak(20_000, tmp_path)
    assert small > 1_000 * 11 * 63  # the records of a block were seen at all
    assert big < 1.25 * small


def test_records_lie_in_the_folder_that_was_named(tmp_path: Path) -> None:
    small = build_fleet(cards=100, terminals=30, seed=3, day=DAY)
    with pytest.raises(FileNotFoundError):
        next(arrivals(small, 3, tmp_path / "gone"))
