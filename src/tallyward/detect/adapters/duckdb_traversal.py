"""One traversal of a day's records, bucket by bucket: stage one on columns for every card, stage two on DuckDB.

Memory is bound by one bucket, not by the fleet. The engine may open the files of this traversal and nothing else: other
paths, extensions and settings are locked before the first rule's SQL runs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.adapters.bucket_records import BucketReader, read_columns
from tallyward.detect.adapters.column_room import Room, row_bytes
from tallyward.detect.adapters.month_totals import MonthTotals
from tallyward.detect.adapters.profile_columns import profiles_of
from tallyward.detect.adapters.reference_tables import Reference, ReferenceTables
from tallyward.detect.adapters.stage_two import Candidates, StageTwo
from tallyward.detect.adapters.stranger_records import StrangerRecords, texts
from tallyward.detect.cards import stage_one
from tallyward.detect.cards.plan import Plan, make_plan
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.stage_one import Stretch
from tallyward.detect.cards.verdict import BucketAnswer, HotPairs, KeyPairs
from tallyward.detect.ports import BucketFiles, Records
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.records.schema import USAGE
from tallyward.registry.profile_schema import BUCKET_CARDS, PROFILE, ProfileSnapshot

_MEMORY_FOR_RECORDS: Final = 0.45
"""The share of memory that the records of one bucket may take; the rest is the engine's."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a traversal may take. `temporary`: a folder for what does not fit into memory; None: nothing is spilled."""

    memory_mb: int = 800
    threads: int = 2
    temporary: Path | None = None


class DuckDbTraversal:
    """Opens traversals; keeps the group lists of the last registry version at hand."""

    def __init__(self, resources: Resources | None = None, totals: Path | None = None) -> None:
        """`totals`: a folder for the month's sums of earlier days, so that they are not read again each day."""
        self._resources = resources or Resources()
        self._totals = totals
        self._reference = ReferenceTables()

    @contextmanager
    def open(
        self, rules: tuple[Rule, ...], profiles: ProfileSnapshot, files: Sequence[BucketFiles], records: Records
    ) -> Iterator["_Run"]:
        """Begin a traversal of these files and no others."""
        engine = duckdb.connect(":memory:", config=self._settings())
        try:
            reference = self._reference.load(engine, profiles, records)
            plan = make_plan(rules, reference.prone, reference.columns.strange_cells)
            totals = MonthTotals(engine, plan.months, self._totals)
            _lock(engine, files, totals.folders())
            most = round(self._resources.memory_mb * _MEMORY_FOR_RECORDS * 1_000_000)
            yield _Run(engine, plan, reference, files, totals, most)
        except duckdb.Error as error:
            raise UnavailableError("detect.engine", problem=str(error).split("\n", maxsplit=1)[0][:200]) from error
        finally:
            engine.close()

    def _settings(self) -> dict[str, str | bool | int | float | list[str]]:
        given = self._resources
        return {
            "threads": given.threads,
            "memory_limit": f"{round(given.memory_mb * (1 - _MEMORY_FOR_RECORDS))}MB",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(given.temporary) if given.temporary else "",
        }


def _lock(engine: duckdb.DuckDBPyConnection, files: Sequence[BucketFiles], folders: list[Path]) -> None:
    paths = [str(segment.path) for one in files for part in (one.segments, *one.earlier) for segment in part]
    engine.execute(f"SET allowed_paths = {texts(paths)}")
    engine.execute(f"SET allowed_directories = {texts([f'{folder}/' for folder in folders])}")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")


class _Run:
    """One traversal under way."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        plan: Plan,
        reference: Reference,
        files: Sequence[BucketFiles],
        totals: MonthTotals,
        most_bytes: int,
    ) -> None:
        self._engine = engine
        self.plan = plan
        self.area_codes = reference.area_codes
        self._references = reference.columns
        self._files = {one.bucket: one for one in files}
        self._numbers = dict(
            zip(self._files, accumulate((len(one.segments) for one in files), initial=0), strict=False)
        )
        self._totals = totals
        self._most = most_bytes
        segments = tuple(int(segment.id) for one in files for segment in one.segments)
        self._room = Room(most_bytes - max((_need(one, plan) for one in files), default=0))
        self._two = StageTwo(engine, plan, segments, most_bytes // 4)

    def pairs(self, number: int) -> list[KeyPairs]:
        """The pairs of second keys and cards of a bucket, for faults that count cards by key."""
        files = self._files[number]
        if not self.plan.keys or not files.segments or number == UNKNOWN_BUCKET:
            return []
        profile = _profile(files, self.plan.key_profile_columns)
        found: list[KeyPairs] = []
        for records in self._reader(files).stretches(self.plan.key_columns, again=True):
            profiles = profiles_of(profile, records.first, records.end, self._totals.nothing(), {})
            stretch = Stretch(records.day, profiles, self._references)
            found += [KeyPairs(key.fault, *stage_one.pairs(stretch, key.question)) for key in self.plan.keys]
        return found

    def bucket(self, number: int, hot: HotPairs) -> BucketAnswer:
        """Traverse one bucket: every record of it, known card or not. `hot`: the pairs whose key has too many cards."""
        files = self._files[number]
        answer = BucketAnswer(number, blind=[0] * len(self.plan.blind))
        profile = _profile(files, self.plan.profile_columns)
        answer.cards = profile.num_rows
        if not files.segments:
            return answer
        if number == UNKNOWN_BUCKET:
            self._strangers(files, answer)
        else:
            self._known(files, profile, answer, hot)
        expected = sum(segment.rows for segment in files.segments)
        if answer.records != expected:
            raise CorruptError("detect.records_differ", bucket=number, read=answer.records, expected=expected)
        return answer

    def rest(self) -> BucketAnswer:
        """What the buckets have not told yet."""
        answer = BucketAnswer(UNKNOWN_BUCKET, blind=[0] * len(self.plan.blind))
        self._two.tell(answer)
        return answer

    def _reader(self, files: BucketFiles) -> BucketReader:
        first = files.bucket * BUCKET_CARDS
        return BucketReader(files.segments, first, first + BUCKET_CARDS, self._most, self._room)

    def _strangers(self, files: BucketFiles, answer: BucketAnswer) -> None:
        ids = tuple(int(segment.id) for segment in files.segments)
        try:
            StrangerRecords(self._engine, ids).tell(files.segments, answer, self._references.strange_cells)
        except duckdb.Error:
            for segment in files.segments:
                read_columns(segment.path, USAGE.names)  # where a file is damaged, refuses it by name
            raise

    def _known(self, files: BucketFiles, profile: pa.Table, answer: BucketAnswer, hot: HotPairs) -> None:
        earlier = self._totals.of(files.earlier)
        lacks = [one.lack for one in self.plan.blind]
        for records in self._reader(files).stretches(self.plan.record_columns):
            answer.records += records.day.count
            profiles = profiles_of(profile, records.first, records.end, earlier, self.plan.months)
            named = stage_one.ask(Stretch(records.day, profiles, self._references), self.plan.questions, lacks)
            answer.cards_seen += named.seen
            answer.blind = [sum(pair) for pair in zip(answer.blind, named.lacking, strict=True)]
            own = [part.between(records.first, records.end) for part in hot]
            judged = np.union1d(named.possible, np.concatenate([np.empty(0, np.uint32), *(one.cards for one in own)]))
            taken = np.unique(np.concatenate([judged, named.lost, named.strange]))
            answer.candidates += len(taken)
            candidates = Candidates(
                judged,
                named.lost,
                named.strange,
                records.of(taken, self._numbers[files.bucket]),
                _of_cards(profile, taken),
                _of_cards(earlier, taken),
                own,
            )
            self._two.take(candidates, answer)


def _need(files: BucketFiles, plan: Plan) -> int:
    """What the records of a bucket take in memory."""
    return sum(segment.rows for segment in files.segments) * row_bytes(plan.record_columns)


def _of_cards(table: pa.Table, cards: NDArray[np.uint32]) -> pa.Table:
    """The rows of some cards."""
    return table.filter(pa.array(np.isin(table.column("card_id").to_numpy(), cards)))


def _profile(files: BucketFiles, columns: Sequence[str]) -> pa.Table:
    """The profiles of a bucket by ascending card id."""
    if files.profile is None:
        return PROFILE.empty_table().select(list(columns))
    found = read_columns(files.profile, columns)
    ids = found.column("card_id").to_numpy()
    return found if bool((ids[1:] > ids[:-1]).all()) else found.sort_by("card_id")
