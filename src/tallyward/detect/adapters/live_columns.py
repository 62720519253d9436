"""A day while its records arrive, on columns: new segments in, hits out. What is kept is made of the segments alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from tallyward.detect.adapters.bucket_records import BucketReader, CardRecords, read_columns
from tallyward.detect.adapters.judged_records import Figures, Judged
from tallyward.detect.adapters.month_totals import MonthTotals
from tallyward.detect.adapters.profile_columns import profiles_of
from tallyward.detect.adapters.reference_tables import ReferenceTables
from tallyward.detect.cards import tree
from tallyward.detect.cards.day_columns import Profiles
from tallyward.detect.cards.evidence import Order
from tallyward.detect.cards.exactness import tells_exactly
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.live_cards import LiveCards, live_in, shares
from tallyward.detect.cards.live_state import BucketState, KeyState, Raised
from tallyward.detect.cards.plan import Plan, make_plan
from tallyward.detect.cards.possible import value
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.stage_one import Question, Stretch
from tallyward.detect.cards.verdict import FaultHit
from tallyward.detect.cards.vocabulary import LIMIT_BITS
from tallyward.detect.ports import BucketFiles, Records
from tallyward.records.model import SegmentRef
from tallyward.registry.profile_schema import BUCKET_CARDS, LIMIT_FIELDS, PROFILE, ProfileSnapshot

_READ_AT_ONCE: Final = 1 << 62
"""New segments are small: they are read whole."""


@dataclass(slots=True)
class _Bucket:
    """`all`: what second keys need of every card; `profiles` and `state` are of the cards that are followed."""

    all: Profiles
    cards: LiveCards
    profiles: Profiles
    state: BucketState
    segments: set[int] = field(default_factory=set)


class LiveColumns:
    """One day of one registry version and rule book, for cards of live cadence.

    Others are counted where cards share a second key, so that those who are followed are named in
    time. Faults that only exact fractions can tell are left to the next traversal; `left_out` names them.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        profiles: ProfileSnapshot,
        records: Records,
        seed: int,
        most_cards: int = 2_000_000,
    ) -> None:
        """`seed`: any number that others can't guess. `most_cards` are followed: what is kept of each takes memory."""
        with duckdb.connect(":memory:") as engine:
            reference = ReferenceTables().load(engine, profiles, records)
        self.plan: Plan = make_plan(rules, reference.prone, reference.columns.strange_cells)
        self.area_codes = reference.area_codes
        self._references = reference.columns
        self._profile_files = profiles.profiles
        self._seed = seed
        told = {place for place, one in enumerate(self.plan.faults) if tells_exactly(one.fault)}
        own = [place for place, one in enumerate(self.plan.faults) if not one.fault.across]
        asked = [(place, one) for place, one in zip(own, self.plan.questions, strict=True) if place in told]
        self._places = [place for place, _ in asked]
        self._questions: list[Question] = [one for _, one in asked]
        self._keys = [(one, KeyState(one.question, one.at_least, seed)) for one in self.plan.keys if one.fault in told]
        self.left_out = tuple(place for place in range(len(self.plan.faults)) if place not in told)
        self._buckets: dict[int, _Bucket] = {}
        live = {bucket: _count_live(file) for bucket, file in profiles.profiles.items()}
        self._followed = shares(live, most_cards)
        self._anybody = any(self._followed.values())

    def open(self, files: BucketFiles) -> None:
        """Read the profiles of a bucket whose records will be asked for anything; see `ports.Live`."""
        if self._asks(files.bucket):
            self._bucket(files)

    def take(self, files: BucketFiles, after: int) -> tuple[list[FaultHit], int, int]:
        """(hits, records, newest intake) of the segments not taken yet, of their records from intakes after one.

        Records of older intakes stand in segments that were put together from others.
        """
        if not self._asks(files.bucket):
            return [], 0, after
        bucket = self._bucket(files)
        new = [one for one in files.segments if int(one.id) not in bucket.segments]
        bucket.segments |= {int(one.id) for one in new}
        hits: list[FaultHit] = []
        taken, newest = 0, after
        if not new:
            return hits, taken, newest
        first = files.bucket * BUCKET_CARDS
        asked = self.plan.record_columns if self._followed.get(files.bucket) else ("ts",)
        columns = tuple(sorted({*asked, *self.plan.key_columns, "src"}))
        for records in BucketReader(new, first, first + BUCKET_CARDS, _READ_AT_ONCE).stretches(columns):
            source = records.day.columns["src"]
            newest = max(newest, int(source.max(initial=0)))
            fresh = records if bool((source > after).all()) else records.only(np.flatnonzero(source > after))
            taken += fresh.day.count
            if fresh.day.count:
                hits += self._hits(fresh, bucket, new)
        return hits, taken, newest

    def _asks(self, bucket: int) -> bool:
        """Whether anything is asked of a bucket's records: of followed cards, or of keys that these share."""
        return bool(self._followed.get(bucket)) or (self._anybody and bool(self._keys))

    def _bucket(self, files: BucketFiles) -> _Bucket:
        if files.bucket not in self._buckets:
            file = self._profile_files.get(files.bucket)
            follows = self._followed.get(files.bucket, 0)
            named = self.plan.profile_columns if follows else ()
            columns = [*dict.fromkeys([*named, *self.plan.key_profile_columns, "cadence"])]
            table = read_columns(file, columns) if file else PROFILE.empty_table().select(columns)
            first = files.bucket * BUCKET_CARDS
            with duckdb.connect(":memory:") as engine:
                earlier = MonthTotals(engine, self.plan.months, None).of(files.earlier)
            profiles = profiles_of(table.sort_by("card_id"), first, first + BUCKET_CARDS, earlier, self.plan.months)
            cards = LiveCards.of(profiles, follows)
            state = BucketState(0, len(cards.ids), self._questions, self._seed)
            needed = {name: profiles.columns[name] for name in self.plan.key_profile_columns}
            every = Profiles(first, profiles.known, needed, profiles.unset)
            self._buckets[files.bucket] = _Bucket(every, cards, cards.profiles(profiles), state)
        return self._buckets[files.bucket]

    def _hits(self, records: CardRecords, bucket: _Bucket, segments: Sequence[SegmentRef]) -> list[FaultHit]:
        ids = tuple(int(one.id) for one in segments)
        hits: list[FaultHit] = []
        rows = bucket.cards.rows(records.day)
        if len(rows):
            own = records if len(rows) == records.day.count else records.only(rows)
            batch = Stretch(bucket.cards.placed(own.day), bucket.profiles, self._references)
            for raised in bucket.state.take(batch):
                hits += self._raised(raised, own, bucket, ids)
        every = Stretch(records.day, bucket.all, self._references)
        for key, state in self._keys:
            for value_, card, many in state.take(every):
                if self._follows(card):
                    hits.append(self._key_hit(key.fault, value_, card, many, records, ids))
        return hits

    def _follows(self, card: int) -> bool:
        bucket = card // BUCKET_CARDS
        return self._buckets[bucket].cards.has(card, bucket * BUCKET_CARDS)

    def _raised(self, raised: Raised, records: CardRecords, bucket: _Bucket, ids: tuple[int, ...]) -> list[FaultHit]:
        place = self._places[raised.question]
        one, question = self.plan.faults[place], self._questions[raised.question]
        own = _judged(records, raised.rows, ids)
        shown = Order.EARLIEST if one.shown is Order.LARGEST else one.shown
        figures = own.figures(replace(one, holds="", shown=shown, by=one.by if shown is Order.EACH_ONCE else ""), None)
        at = raised.cards.astype(np.intp)
        observed = self._observed(one.fault, question, bucket, at)
        limits = _limits(one.fault, bucket.profiles, at)
        return [
            FaultHit(
                place,
                card,
                *figures[card][:3],
                seen if seen is not None else figures[card][0],
                limit,
                origin,
                figures[card][3],
            )
            for card, seen, (limit, origin) in zip(bucket.cards.ids[at].tolist(), observed, limits, strict=True)
        ]

    def _observed(self, fault: Fault, question: Question, bucket: _Bucket, at: NDArray[np.intp]) -> list[Any]:
        parts = tree.aggregates(fault.observed)
        sight = bucket.state.sight(question, bucket.profiles, self._references)
        if sight is None or not parts or not set(parts) <= set(sight.facts.parts):
            return [None] * len(at)
        seen: list[Any] = np.broadcast_to(np.asarray(value(fault.observed, sight, at).low), len(at)).tolist()
        return seen

    def _key_hit(
        self, place: int, key: int, card: int, many: int, records: CardRecords, ids: tuple[int, ...]
    ) -> FaultHit:
        """A card that shares a key with too many; it may have shown that in an earlier batch."""
        at_least = next(one.at_least for one in self.plan.keys if one.fault == place)
        name = next(one.question.key for one in self.plan.keys if one.fault == place)
        mine = (records.day.columns["card_id"] == card) & (records.day.columns[name] == key)
        found: dict[int, Figures] = {}
        if mine.any():
            own = _judged(records, np.flatnonzero(mine), ids)
            found = own.figures(replace(self.plan.faults[place], holds="", shown=Order.EARLIEST, by=""), None)
        last = int(records.day.columns["ts"].max())
        n, first, last, witnesses = found.get(card, (0, last, last, ()))
        return FaultHit(place, card, n, first, last, many, at_least, LimitOrigin.RULE, witnesses, key)


def _count_live(file: Path) -> int:
    return int(live_in(read_columns(file, ["cadence"]).column("cadence").to_numpy()).sum())


def _judged(records: CardRecords, rows: NDArray[np.intp], ids: tuple[int, ...]) -> Judged:
    columns: Mapping[str, NDArray[Any]] = {name: values[rows] for name, values in records.day.columns.items()}
    return Judged({**columns, "place": records.places(rows, 0)}, ids)


def _limits(fault: Fault, profiles: Profiles, at: NDArray[np.intp]) -> list[tuple[Any, str]]:
    """(limit, who set it) of some cards."""
    column = fault.limit
    if column is None:
        return [(None, fault.origin)] * len(at)
    values = np.broadcast_to(np.asarray(profiles.span(column, at).low), len(at)).tolist()
    unset_by = np.full(len(at), LimitOrigin.RULE if column.name in LIMIT_BITS else fault.origin)
    if column.by_class:
        unset_by = np.where(profiles.usual(column, at)[1], LimitOrigin.BASELINE, unset_by)
    if column.name not in LIMIT_BITS:
        return list(zip(values, map(str, unset_by.tolist()), strict=True))
    unset = profiles.unset.get(column.name)
    rules = np.zeros(len(at), np.bool_) if unset is None else unset[at]
    own = (profiles.columns["own_limits"][at] >> LIMIT_FIELDS.index(column.name)) & 1
    origins = np.where(rules, unset_by, np.where(own == 1, LimitOrigin.CARD, LimitOrigin.CLASS))
    return list(zip(values, map(str, origins.tolist()), strict=True))
