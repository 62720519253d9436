"""Messages of a stream: each counts once, whatever comes again, in whatever order and grouping."""

import errno
import os
from collections.abc import Sequence

import pyarrow as pa
import pytest

from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import UnavailableError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.intake_state import Behind, Doing, IntakeKind, Standing
from tallyward.records.message_block import blocks
from tallyward.records.offering_ports import Message
from tallyward.records.ports import Span
from tallyward.records.service import RecordsService
from tallyward.records.streaming import StreamIntake
from tests.records.adapters.crash_watcher import Shown
from tests.records.conftest import OPERATOR, Opener
from tests.records.making import all_rows, usage_rows


def message(number: int, rows: int = 10) -> Message:
    """`dn` tells the message, `up` the row."""
    (block,) = blocks(usage_rows(rows, seed=number))
    return Message(number, block)


def counted(records: RecordsService) -> dict[int, int]:
    numbers = all_rows(records)["dn"].to_pylist()
    return {number: numbers.count(number) for number in sorted(set(numbers))}


def test_messages_count_once_in_whatever_grouping_they_come_again(records: RecordsService, source: SourceId) -> None:
    take = records.take_messages
    assert [report.name for report in take(source, "s@1", [message(n) for n in (3, 1, 2)])] == ["s@1:1-3"]
    assert take(source, "s@1", [message(n) for n in (1, 2, 3)]) == []
    reports = take(source, "s@1", [message(n) for n in (2, 3, 4, 4, 7, 8, 5)])
    assert [report.name for report in reports] == ["s@1:4-5", "s@1:7-8"]
    take(source, "s@1", [message(6)])
    assert counted(records) == dict.fromkeys(range(1, 9), 10)
    assert records._manifest.spans(source, "s@1") == (Span("s@1", 1, 8),)


def test_a_stream_made_anew_counts_from_one_again(records: RecordsService, source: SourceId) -> None:
    records.take_messages(source, "s@1", [message(1)])
    records.take_messages(source, "s@2", [Message(1, message(2).data)])
    assert counted(records) == {1: 10, 2: 10}


def test_a_bad_message_is_put_aside_alone_and_known_when_it_comes_again(
    records: RecordsService, source: SourceId
) -> None:
    (foreign,) = blocks(usage_rows(3).set_column(5, "peer", pa.array([(3 << 60) + 99] * 3, pa.uint64())))
    batch = [message(1), Message(2, b"nonsense"), message(3), Message(4, foreign), message(5)]
    reports = records.take_messages(source, "s", batch)
    assert [(report.name, report.quarantined) for report in reports] == [
        ("s:1-1", False),
        ("s:2-2", True),
        ("s:3-3", False),
        ("s:4-4", True),
        ("s:5-5", False),
    ]
    assert counted(records) == {1: 10, 3: 10, 5: 10}
    aside = {row.name: row.reason_code for row in records.quarantine(PageRequest()).rows}
    assert aside == {"s:2-2": "records.not_a_block", "s:4-4": "records.usage_word"}
    assert records.take_messages(source, "s", batch) == []


class Fake:
    """A stream in memory: what is not acknowledged comes again."""

    place = "fake"

    def __init__(self, messages: Sequence[Message]) -> None:
        self.left = list(messages)
        self.fetched = 0
        self.lose_acks = False
        self.broken = False

    def identity(self) -> str:
        return "s@1"

    def fetch(self, most: int, _seconds: float) -> list[Message]:
        if self.broken:
            raise UnavailableError("records.bus_unreachable", place=self.place, reason="gone")
        self.fetched += 1
        return self.left[:most]

    def done(self, messages: Sequence[Message]) -> None:
        if not self.lose_acks:
            self.left = [one for one in self.left if one not in messages]

    def give_back(self, _messages: Sequence[Message]) -> None:
        return

    def behind(self) -> Behind:
        return Behind(len(self.left), sum(len(one.data) for one in self.left))


@pytest.fixture
def stream() -> Fake:
    return Fake([message(number) for number in range(1, 6)])


def intake(records: RecordsService, stream: Fake, board: Shown) -> StreamIntake:
    records.add_source("stream", OPERATOR)
    standing = Standing(IntakeKind.STREAM, stream.place, "stream", SystemClock(), board)
    return StreamIntake(records, stream, lambda: next(s for s in records.sources() if s.name == "stream"), standing)


def test_acknowledgements_that_are_lost_change_nothing(records: RecordsService, stream: Fake) -> None:
    board = Shown()
    work = intake(records, stream, board)
    stream.lose_acks = True
    assert [work.round(), work.round()] == [5, 5]
    stream.lose_acks = False
    assert [work.round(), work.round()] == [5, 0]
    assert counted(records) == dict.fromkeys(range(1, 6), 10)
    state = board.states[-1]
    assert (state.doing, state.taken, state.repeated, state.behind.waiting) == (Doing.WATCHING, 5, 10, 0)


def test_a_full_disk_leaves_messages_in_the_stream_and_fetches_none(
    opened: Opener, stream: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = True

    def step(name: str) -> None:
        if full and name == "written":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    records = opened(step=step)
    board = Shown()
    work = intake(records, stream, board)
    assert work.round() == 0
    assert (board.states[-1].reason_code, len(stream.left)) == ("records.disk_full", 5)
    fetched = stream.fetched
    monkeypatch.setattr(records, "_floor_bytes", 1 << 62)
    assert work.round() == 0
    assert (board.states[-1].reason_code, stream.fetched) == ("records.disk_low", fetched)
    monkeypatch.setattr(records, "_floor_bytes", 0)
    full = False
    assert work.round() == 5
    assert counted(records) == dict.fromkeys(range(1, 6), 10)
    assert not stream.left


def test_a_server_that_is_gone_stops_it_until_it_is_back(records: RecordsService, stream: Fake) -> None:
    board = Shown()
    work = intake(records, stream, board)
    stream.broken = True
    assert work.round() == 0
    assert (board.states[-1].doing, board.states[-1].reason_code) == (Doing.STOPPED, "records.bus_unreachable")
    stream.broken = False
    assert work.round() == 5
    stream.left = [Message(6, b"nonsense")]
    work.round()
    assert (work.round(), board.states[-1].refused) == (0, 1)
