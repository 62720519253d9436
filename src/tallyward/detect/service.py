"""What is wrong with the cards of a day: one traversal of every record, findings and a statement of what was read."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np

from tallyward.detect.cards import unknown
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.evidence import MOST_EVIDENCE
from tallyward.detect.cards.explain import Names, findings_of
from tallyward.detect.cards.finding import Finding
from tallyward.detect.cards.plan import Plan
from tallyward.detect.cards.verdict import (
    BucketAnswer,
    FaultHit,
    HotPairs,
    KeyPairs,
    Seen,
    Witness,
    hot_pairs,
    of_fullest_keys,
)
from tallyward.detect.cards.vocabulary import Home
from tallyward.detect.files import files_of
from tallyward.detect.ports import BucketFiles, Records, Run, Traversal
from tallyward.kernel.errors import CorruptError
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.registry.profile_schema import BUCKET_CARDS, ProfileSnapshot

Progress: TypeAlias = Callable[[int, int], None]
"""Told (buckets done, buckets in all)."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read. A whole day is read when cards and records match on both sides.

    `cards_read`: registered cards whose records, if any, were judged. `cards_unknown`: numbers seen that no registered
    card has. `records_in` is what the manifest lists, `records_used` what the traversal counted.
    """

    cards_expected: int
    cards_read: int
    cards_unknown: int
    records_in: int
    records_used: int
    records_refused: int

    @property
    def complete(self) -> bool:
        """The sums match: no card and no record was left out."""
        return self.cards_expected == self.cards_read and self.records_in == self.records_used + self.records_refused


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Cards that a rule could not judge since their records, or the registry, lack an operand all day."""

    rule: str
    operand: str
    in_records: bool
    cards: int


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One scan of a day: it can be run again from the three versions and must say the same.

    `unread`: why buckets could not be read; the cards of all others were judged, and the coverage is not complete.
    """

    day: date
    findings: tuple[Finding, ...]
    coverage: Coverage
    rules_version: str
    manifest_version: int
    profile_version: int
    seconds: float
    cpu_seconds: float
    candidates: int
    unjudged: tuple[Unjudged, ...]
    unread: tuple[CorruptError, ...] = ()


class CardScan:
    """The card half of detection."""

    def __init__(
        self,
        traversal: Traversal,
        records: Records,
        profiles: Callable[[], ProfileSnapshot],
        rulebook: RuleBook,
        *,
        seconds: Callable[[], float] = time.perf_counter,
        cpu_seconds: Callable[[], float] = time.process_time,
    ) -> None:
        """`profiles` gives the registry's profiles of now."""
        self._traversal = traversal
        self._records = records
        self._profiles = profiles
        self._rulebook = rulebook
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds

    def run(
        self,
        day: date,
        buckets: Iterable[int] | None = None,
        progress: Progress | None = None,
        *,
        day_over: bool = True,
    ) -> ScanReport:
        """Scan a UTC day, or some of its buckets. Counts by a second key span the buckets that are scanned.

        While a day still arrives (`day_over` False) nothing is said of rules that could not judge a card all day:
        the next record may bring what is missing. Every other finding can only grow.
        """
        began = self._seconds(), self._cpu_seconds()
        snapshot, profiles = self._records.snapshot(day), self._profiles()
        files = files_of(self._records, day, profiles, None if buckets is None else frozenset(buckets), snapshot)
        gathered = _Gathered()
        with self._traversal.open(self._rulebook.rules, profiles, files, self._records) as run:
            hot = _hot(run, files)
            for done, one in enumerate(files, start=1):
                gathered.take(run, one.bucket, hot.get(one.bucket, ()))
                if progress:
                    progress(done, len(files))
            gathered.add(run.rest())
            findings = self._findings(gathered, run, day)
            if day_over:
                findings += _blind_findings(run.plan, gathered.blind, day)
            unjudged = _unjudged(run.plan, gathered.blind)
        return ScanReport(
            day=day,
            findings=findings,
            coverage=gathered.coverage(files, profiles, whole=buckets is None),
            rules_version=self._rulebook.version,
            manifest_version=snapshot.manifest_version,
            profile_version=profiles.version,
            seconds=self._seconds() - began[0],
            cpu_seconds=self._cpu_seconds() - began[1],
            candidates=gathered.candidates,
            unjudged=unjudged,
            unread=tuple(gathered.unread),
        )

    def _findings(self, gathered: "_Gathered", run: Run, day: date) -> tuple[Finding, ...]:
        names = self._names(gathered, run)
        found = findings_of(_counted_by_key(gathered.hits, run.plan), run.plan, names, day)
        strangers = sorted(gathered.strangers.values())
        numbers = self._records.stranger_text([seen.code for seen in strangers])
        found += [
            unknown.unknown_card(tag, number, seen, names, day)
            for (tag, number), seen in zip(numbers, strangers, strict=True)
        ]
        found += [unknown.lost_card(seen, names, day) for seen in sorted(gathered.lost_cards.values())]
        cells = sorted(gathered.cells.values())
        texts = self._records.cell_text([seen.code for seen in cells])
        found += [
            unknown.unknown_cell(text or str(seen.code), seen, names, day)
            for text, seen in zip(texts, cells, strict=True)
        ]
        return tuple(found)

    def _names(self, gathered: "_Gathered", run: Run) -> Names:
        witnesses = (witness for group in gathered.witnesses() for witness in group)
        codes = sorted({witness.peer for witness in witnesses} - {0})
        return Names(dict(zip(codes, self._records.peer_text(codes), strict=True)), run.area_codes)


@dataclass(slots=True)
class _Gathered:
    """The answers of the buckets, put together."""

    hits: list[FaultHit] = field(default_factory=list)
    strangers: dict[int, Seen] = field(default_factory=dict)
    lost_cards: dict[int, Seen] = field(default_factory=dict)
    cells: dict[int, Seen] = field(default_factory=dict)
    blind: list[int] = field(default_factory=list)
    candidates: int = 0
    cards: int = 0
    records: int = 0
    unread: list[CorruptError] = field(default_factory=list)

    def take(self, run: Run, bucket: int, hot: HotPairs) -> None:
        """Traverse a bucket; a damaged one is left out and told."""
        try:
            self.add(run.bucket(bucket, hot))
        except CorruptError as damage:
            self.unread.append(damage)

    def add(self, answer: BucketAnswer) -> None:
        self.hits += answer.hits
        for own, given in (
            (self.strangers, answer.strangers),
            (self.lost_cards, answer.lost_cards),
            (self.cells, answer.cells),
        ):
            for seen in given:
                own[seen.code] = _both(own[seen.code], seen) if seen.code in own else seen
        self.blind = [sum(pair) for pair in zip(self.blind or [0] * len(answer.blind), answer.blind, strict=True)]
        self.candidates += answer.candidates
        self.cards += answer.cards
        self.records += answer.records

    def witnesses(self) -> Iterable[Sequence[Witness]]:
        yield from (hit.witnesses for hit in self.hits)
        for seen in (self.strangers, self.lost_cards, self.cells):
            yield from (one.witnesses for one in seen.values())

    def coverage(self, files: Sequence[BucketFiles], profiles: ProfileSnapshot, *, whole: bool) -> Coverage:
        return Coverage(
            cards_expected=profiles.cards if whole else self.cards,
            cards_read=self.cards,
            cards_unknown=len(self.strangers) + len(self.lost_cards),
            records_in=sum(segment.rows for one in files for segment in one.segments),
            records_used=self.records,
            records_refused=0,
        )


def _both(one: Seen, other: Seen) -> Seen:
    witnesses = sorted({*one.witnesses, *other.witnesses}, key=lambda witness: (witness.ts, witness))
    return Seen(
        one.code,
        one.records + other.records,
        min(one.first_ts, other.first_ts),
        max(one.last_ts, other.last_ts),
        tuple(witnesses[:MOST_EVIDENCE]),
    )


def _hot(run: Run, files: Sequence[BucketFiles]) -> dict[int, list[KeyPairs]]:
    """By bucket, the pairs whose key may have too many cards, over all buckets: the cards of a SIM box are spread."""
    found: defaultdict[int, list[KeyPairs]] = defaultdict(list)
    pairs = [part for one in files for part in _pairs(run, one.bucket)] if run.plan.keys else []
    for key in run.plan.keys:
        keys, cards, _ = hot_pairs([part for part in pairs if part.fault == key.fault], key.at_least)
        buckets = cards // BUCKET_CARDS
        for bucket in np.unique(buckets).tolist():
            own = buckets == bucket
            found[bucket].append(KeyPairs(key.fault, keys[own], cards[own]))
    return found


def _pairs(run: Run, bucket: int) -> list[KeyPairs]:
    """The pairs of a bucket; of a damaged one none: traversing it tells what is wrong with it."""
    try:
        return run.pairs(bucket)
    except CorruptError:
        return []


def _counted_by_key(hits: Sequence[FaultHit], plan: Plan) -> list[FaultHit]:
    """The hits, those by a second key only where enough cards of all buckets have it."""
    by_key = {key.fault: key.at_least for key in plan.keys}
    found = [hit for hit in hits if hit.fault not in by_key]
    for fault, at_least in by_key.items():
        found += of_fullest_keys((hit for hit in hits if hit.fault == fault), at_least)
    return found


def _unjudged(plan: Plan, blind: Sequence[int]) -> tuple[Unjudged, ...]:
    return tuple(
        Unjudged(plan.rules[one.rule].id, one.lack.operand.name, one.lack.operand.home is Home.RECORD, cards)
        for one, cards in zip(plan.blind, blind, strict=True)
        if cards
    )


def _blind_findings(plan: Plan, blind: Sequence[int], day: date) -> tuple[Finding, ...]:
    """One finding a rule, of what its cards' records lack; what the registry lacks is in the report only."""
    lacking: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for one, cards in zip(plan.blind, blind, strict=True):
        if cards and one.lack.operand.home is Home.RECORD:
            lacking[one.rule].append((one.lack.operand.name, cards))
    return tuple(
        unknown.blind(plan.rules[rule], max(cards for _, cards in own), tuple(name for name, _ in own), day)
        for rule, own in lacking.items()
    )


__all__ = ["UNKNOWN_BUCKET", "CardScan", "Coverage", "Progress", "ScanReport", "Unjudged"]
