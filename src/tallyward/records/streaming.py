"""A stream of messages taken in: fetched, committed with their sequences, and only then acknowledged.

While something keeps it from taking, nothing is fetched: messages stay in the stream until it is full, and then its
publishers are told to wait. A message that comes again after its acknowledgement was lost is known by its sequence.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tallyward.kernel.errors import TallywardError
from tallyward.records.intake_state import Standing
from tallyward.records.model import Format, IntakeReport, SourceState
from tallyward.records.offering_ports import Message, RecordStream
from tallyward.records.service import RecordsService

FETCH: Final = 64
"""Messages that become one intake at most: 32 MB packed."""


class StreamIntake:
    """One stream and its source. Call `round` again and again; it waits for messages as long as it is told."""

    def __init__(
        self,
        records: RecordsService,
        stream: RecordStream,
        source: Callable[[], SourceState],
        standing: Standing,
        *,
        wait_seconds: float = 1.0,
        step: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """`source` says whose records these are, or refuses."""
        self._records = records
        self._stream = stream
        self._source = source
        self._standing = standing
        self._wait_seconds = wait_seconds
        self._step = step

    def round(self) -> int:
        """Fetch once and take what came; how many messages were dealt with."""
        try:
            self._records.check_room()
            source = self._source()
            self._standing.belongs_to(source.operator)
            messages = self._stream.fetch(FETCH, self._wait_seconds)
            if messages:
                self._standing.takes(self._stream.behind())
                self._take(source, messages)
            else:
                self._standing.watches(self._stream.behind(), 0)
        except TallywardError as refusal:
            self._standing.stops(refusal)
            return 0
        return len(messages)

    def _take(self, source: SourceState, messages: Sequence[Message]) -> None:
        try:
            reports = self._records.take_messages(source.id, self._stream.identity(), messages)
        except BaseException:
            self._stream.give_back(messages)
            raise
        self._step("taken")
        self._stream.done(messages)
        self._step("acknowledged")
        refused = sum(report.quarantined for report in reports)
        fresh = sum(_messages(report) for report in reports)
        if fresh - refused:
            self._standing.counts(_of(quarantined=False), fresh - refused)
        if refused:
            self._standing.counts(_of(quarantined=True), refused)
        if len(messages) - fresh:
            self._standing.counts(_of(duplicate=True), len(messages) - fresh)


def _messages(report: IntakeReport) -> int:
    """How many messages an intake was made of: its name ends in first-last."""
    first, _, last = report.name.rpartition(":")[2].partition("-")
    return int(last) - int(first) + 1


def _of(*, quarantined: bool = False, duplicate: bool = False) -> IntakeReport:
    return IntakeReport(0, "", Format.BATCH, 0, 0, duplicate, None, None, quarantined, 0, 0)
