"""What is stored: snapshots of days that can be read again, single records, and the words that codes stand for."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from tallyward.kernel.ids import CardId, EnterpriseId, SourceId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.records import look_up
from tallyward.records.directory_port import U64
from tallyward.records.model import QuarantineRow, RecordView, Snapshot, SourceState
from tallyward.records.ports import Manifest, SegmentStore
from tallyward.records.schema import SubscriberTag
from tallyward.records.words import Words
from tallyward.registry.model import PeerKind


class StoredRecords:
    """Reads a store. Any number of readers, in other processes as well, beside one writer (`RecordsService`)."""

    def __init__(self, store: SegmentStore, manifest: Manifest, *, read_only: bool) -> None:
        """`read_only`: the manifest gets no new words."""
        self._store = store
        self._manifest = manifest
        self._read_only = read_only
        self._words = Words(manifest.words)

    def sources(self) -> tuple[SourceState, ...]:
        """All sources by name."""
        return self._manifest.sources()

    def version(self) -> int:
        """The manifest's version: grows whenever records came."""
        return self._manifest.version()

    def days(self) -> tuple[date, ...]:
        """UTC days with records, in order."""
        return self._manifest.days()

    def snapshot(self, day: date) -> Snapshot:
        """Every segment of a day as of now."""
        return self._manifest.snapshot(day)

    def changed_since(self, manifest_version: int) -> list[tuple[date, int]]:
        """(day, bucket) pairs that got records after a version."""
        return self._manifest.changed_since(manifest_version)

    def hours(self, day: date) -> list[int]:
        """Records of each of the 24 hours of a day."""
        return self._manifest.hours(day)

    def refused(self, day: date) -> int:
        """Records put aside from files that reach into a day; of files that gave no record, on the day they came.

        A record that can't be read has no day of its own; a file of several days counts on each of them.
        """
        return self._manifest.refused(day)

    def quarantine(self, page: PageRequest, source: SourceId | None = None) -> Page[QuarantineRow]:
        """What was put aside, newest first; the cursor holds one number."""
        return self._manifest.quarantine(page, source)

    def operator_of_intake(self, intake: int) -> EnterpriseId | None:
        """Whose source brought an intake (`src` of its records): the operator to tell of an unknown card."""
        source = self._manifest.source_of_intake(intake)
        state = self._manifest.source(source) if source is not None else None
        return state.operator if state else None

    def card_records(self, card_id: CardId, day: date, page: PageRequest) -> Page[RecordView]:
        """One card's records of a day by time; the cursor holds (ts, segment, row). The caller writes the audit log."""
        return look_up.card_records(self._manifest.snapshot(day), self._store, self._words, card_id, page)

    def peer_codes(self, kind: PeerKind, texts: Sequence[str]) -> U64:
        """The codes by which records hold these peers; refuses a text that is none with `records.peer_form`.

        A word that is new gets a code for good; in a read-only store one that no record can have.
        """
        if self._read_only:
            return np.array(look_up.known_peer_codes(self._words, kind, texts), np.uint64)
        with self._words.lock:
            codes = look_up.peer_codes(self._words, kind, texts)
            if new := self._words.pending():
                self._manifest.add_words(new)
                self._words.settle()
        return np.array(codes, np.uint64)

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        """Peers as people write them; empty for 0."""
        return [look_up.peer_text(self._words, int(code)) for code in codes]

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        """The numbers of unknown cards: by which kind of number it was seen, and the number."""
        return [look_up.stranger_text(self._words, int(code)) for code in codes]

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        """How records named cells that the registry does not know; empty for the registry's own."""
        return [look_up.cell_text(self._words, int(cell)) for cell in cells]
