"""What was observed: takes records in once, and shows what is stored (`stored`)."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from tallyward.kernel.ids import EnterpriseId, SourceId
from tallyward.records.decode.detect_format import check_head, detect_format
from tallyward.records.decode.issues import RefusalError
from tallyward.records.decode.mapping import ColumnMapping
from tallyward.records.decode.parquet import check_columns, read_table
from tallyward.records.directory_port import Directory
from tallyward.records.duplicates import Duplicates
from tallyward.records.key_index import KeyIndex
from tallyward.records.message_block import read_block
from tallyward.records.model import (
    Format,
    IntakeReport,
    SourceState,
)
from tallyward.records.offered import Offered
from tallyward.records.offering_ports import Message
from tallyward.records.ports import Intake, Manifest, SegmentStore, Span
from tallyward.records.reading import Progress, Reader, Rows
from tallyward.records.stored import StoredRecords
from tallyward.records.taking import Taking
from tallyward.records.upkeep import Upkeep


class RecordsService(StoredRecords):
    """The room's use cases. One writer a store; any number of readers beside it, in other processes as well."""

    def __init__(
        self,
        store: SegmentStore,
        manifest: Manifest,
        directory: Callable[[], Directory],
        clock: Clock,
        *,
        networks: dict[str, str] | None = None,
        read_only: bool = False,
        release: Callable[[], None] = lambda: None,
        floor_bytes: int = 0,
    ) -> None:
        """Open the store; a writer drops segments that no manifest row names: their intake never happened.

        `directory` gives the registry's numbers of now. `networks` maps TADIG codes of roaming partners to their
        MCC and MNC digits (GSMA IR.21). `release` is called by `close`. Where less than `floor_bytes` are free on the
        disk, nothing is taken in: the rest of the platform needs that room to go on.
        """
        super().__init__(store, manifest, read_only=read_only)
        self._directory = directory
        self._clock = clock
        self._release = release
        self._floor_bytes = floor_bytes
        self._reader = Reader(networks or {})
        self._taking = threading.Lock()
        self._keys = KeyIndex(store)
        self.upkeep = Upkeep(store, manifest, clock, self._taking, floor_bytes)
        self.orphans_dropped = 0 if read_only else self._drop_orphans()

    def _drop_orphans(self) -> int:
        orphans = self._store.files() - self._manifest.segment_paths() - self._manifest.retired().keys()
        for path in orphans:
            self._store.remove(path)
        return len(orphans)

    def add_source(self, name: str, operator: EnterpriseId, form: Format | None = None) -> SourceId:
        """The id of the source of that name, made where it is new. `form`: what it always sends; None to look."""
        self._check_writer()
        if not name.strip():
            raise InvalidError("records.source_name")
        return self._manifest.add_source(name.strip(), operator, form, self._clock.now())

    def take_file(
        self,
        source: SourceId,
        path: Path,
        progress: Progress | None = None,
        *,
        form: Format | None = None,
        mapping: ColumnMapping | None = None,
    ) -> IntakeReport:
        """Take the records of a file; `progress(done, total)` hears of bytes (rows for Parquet).

        `form`: its format, where its content does not tell. `mapping`: which column of a delimited text is what.
        The same content is taken once a source. A file that can't be read as what it claims to be goes to quarantine:
        that is a report, not an error. Errors are for what keeps us from reading or writing at all.
        """
        return self._take(source, Offered(path.name, path), form, progress, mapping)

    def take_bytes(
        self,
        source: SourceId,
        name: str,
        data: bytes,
        form: Format | None = None,
        mapping: ColumnMapping | None = None,
    ) -> IntakeReport:
        """Take the records of a file whose content is at hand."""
        return self._take(source, Offered(name, data), form, None, mapping)

    def take_batch(self, source: SourceId, offset: str, batch: pa.Table) -> IntakeReport:
        """Take an Arrow table: the columns of docs/mediation-csv.md, or usage records (`src` is set here).

        `offset` names the batch within its source: the same offset again is a duplicate and changes nothing.
        """
        with self._one_intake(source) as state:
            key = f"batch:{offset}"
            if before := self._manifest.taken(source, key):
                return before
            taking = self._begin(state, offset, key, Format.BATCH)

            def rows() -> Iterator[Rows]:
                check_columns(batch.schema)
                part = read_table(batch, 1, taking.issues)
                yield Rows(part.rows, part.usage)

            return self._run(taking, rows())

    def take_messages(self, source: SourceId, stream: str, messages: Sequence[Message]) -> list[IntakeReport]:
        """Take messages of a stream, each once whatever its number of deliveries; `stream` is its identity.

        Messages without a gap between them become one intake. One that can't be read goes to quarantine alone.
        """
        with self._one_intake(source) as state:
            known = self._manifest.spans(source, stream)
            by_sequence = {one.sequence: one for one in messages}
            fresh = [
                one
                for sequence, one in sorted(by_sequence.items())
                if not any(span.first <= sequence <= span.last for span in known)
            ]
            return [report for run in _runs(fresh) for report in self._take_run(state, stream, run)]

    def _take_run(self, source: SourceState, stream: str, run: Sequence[Message]) -> list[IntakeReport]:
        span = Span(stream, run[0].sequence, run[-1].sequence)
        name = f"{stream}:{span.first}-{span.last}"
        taking = self._begin(source, name, name, Format.BATCH)
        taking.intake.span = span
        first = 1
        try:
            for message in run:
                part = read_table(read_block(message.data), first, taking.issues)
                taking.add(part.rows, usage=part.usage)
                first += part.rows.num_rows
            taking.commit()
        except RefusalError as refusal:
            if len(run) > 1:
                taking.abandon()
                return [report for one in run for report in self._take_run(source, stream, [one])]
            taking.quarantine(refusal)
        except BaseException:
            taking.abandon()
            raise
        return [taking.intake.report()]

    def _take(
        self,
        source: SourceId,
        offered: Offered,
        form: Format | None,
        progress: Progress | None,
        mapping: ColumnMapping | None,
    ) -> IntakeReport:
        if mapping:
            form = Format.MAPPED
        elif form is Format.MAPPED:
            raise InvalidError("records.mapping_needed")
        with self._one_intake(source) as state:
            try:
                check_head(offered.head)
                form = form or state.format or detect_format(offered.head, offered.name)
            except RefusalError as refusal:
                return self._refuse(state, offered, refusal)
            digest = offered.digest()
            read_as = f"{digest}:{form}" + (f":{mapping.digest}" if mapping else "")
            for key in (digest, read_as):
                if before := self._manifest.taken(source, key):
                    return before
            taking = self._begin(state, offered.name, digest, form)
            rows = self._reader.read(offered, form, taking.issues, progress, mapping)
            return self._run(taking, rows, offered, read_as)

    def _refuse(self, source: SourceState, offered: Offered, refusal: RefusalError) -> IntakeReport:
        key = offered.head_key()
        if before := self._manifest.taken(source.id, key):
            return before
        taking = self._begin(source, offered.name, key, Format.UNKNOWN)
        taking.quarantine(refusal)
        return taking.intake.report()

    def _begin(self, source: SourceState, name: str, offset: str, form: Format) -> Taking:
        intake = Intake(self._manifest.next_intake(), source.id, name, offset, form, self._clock.now())
        duplicates = Duplicates(self._store, self._keys, self._manifest.snapshot)
        return Taking(intake, self._store, self._manifest, self._words, self._directory(), duplicates, source)

    def _run(
        self, taking: Taking, rows: Iterable[Rows], offered: Offered | None = None, read_as: str = ""
    ) -> IntakeReport:
        try:
            for part in rows:
                taking.add(part.table, usage=part.usage)
                if part.sessions:
                    taking.add_sessions(part.sessions)
            if offered:
                offered.check_unchanged()
            taking.commit()
        except RefusalError as refusal:
            if read_as:
                taking.intake.offset = read_as  # offered again as another format, it may pass
            taking.quarantine(refusal)
        except BaseException:
            taking.abandon()
            raise
        return taking.intake.report()

    @contextmanager
    def _one_intake(self, source: SourceId) -> Iterator[SourceState]:
        self._check_writer()
        with self._taking:
            state = self._manifest.source(source)
            if state is None:
                raise NotFoundError("records.no_source", source=source)
            self.check_room()
            yield state

    def check_room(self) -> None:
        """Refuse with `records.disk_low` where less room is left than must stay free."""
        if self._floor_bytes and (free := self._store.free_bytes()) < self._floor_bytes:
            raise UnavailableError("records.disk_low", free=free >> 20, floor=self._floor_bytes >> 20)

    def _check_writer(self) -> None:
        if self._read_only:
            raise ConflictError("records.read_only")

    def close(self) -> None:
        """Let the folder go; waits for an intake that is under way."""
        with self._taking:
            self._manifest.close()
            self._release()


def _runs(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    """Messages, in order, cut where a sequence is missing between them."""
    start = 0
    for at in range(1, len(messages) + 1):
        if at == len(messages) or messages[at].sequence != messages[at - 1].sequence + 1:
            yield messages[start:at]
            start = at
