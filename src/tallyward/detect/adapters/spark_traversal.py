"""One traversal of a day's records on Apache Spark: a bucket is a task, judged by the DuckDB traversal where it runs.

Spark schedules and repeats tasks, and counts cards by second key over all buckets in a shuffle, so that neither the
driver nor any task holds the pairs of all buckets. What a bucket says is said by the same code as on one machine.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal, Resources
from tallyward.detect.cards.plan import Plan
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import BucketAnswer, HotPairs, KeyPairs, hot_pairs
from tallyward.detect.ports import BucketFiles, Records, Run
from tallyward.kernel.errors import CorruptError, TallywardError
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.registry.cadence import Cadence
from tallyward.registry.profile_schema import BUCKET_CARDS, ProfileSnapshot

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.core.broadcast import Broadcast

_BUCKETS_A_PART: Final = 8
"""The pairs of second keys are counted in parts, one for so many buckets: about their pairs each."""
_SPREAD: Final = 0x9E3779B97F4A7C15
"""Knuth's multiplier (2^64 over the golden ratio): equal parts also where keys are numbered in steps."""

Told: TypeAlias = tuple[BucketAnswer | TallywardError, BucketAnswer]
"""What a task says: the bucket's answer or why there is none, and what was still to be told of it."""


class SparkTraversal:
    """Opens traversals on a connected Spark."""

    def __init__(self, spark: "SparkContext", resources: Resources | None = None, totals: Path | None = None) -> None:
        """`resources` and `totals` as of `DuckDbTraversal`, for each task: all see the folder `totals`."""
        self._spark = spark
        self._one = DuckDbTraversal(resources, totals)

    @contextmanager
    def open(
        self,
        rules: tuple[Rule, ...],
        profiles: ProfileSnapshot,
        files: Sequence[BucketFiles],
        records: Records,
        slowest: Cadence = Cadence.DAILY,
    ) -> Iterator["_Run"]:
        """Begin a traversal of these files and no others, that judges cards up to the `slowest` cadence."""
        with self._one.open(rules, profiles, (), records, slowest) as run:
            plan, area_codes = run.plan, run.area_codes
        work = self._spark.broadcast(_Work(self._one, rules, profiles, slowest))
        try:
            yield _Run(self._spark, work, plan, area_codes, files)
        finally:
            work.destroy()


@dataclass(frozen=True, slots=True)
class _Work:
    """What every task is given. The traversal was opened on the driver once, so it has the group lists at hand."""

    traversal: DuckDbTraversal
    rules: tuple[Rule, ...]
    profiles: ProfileSnapshot
    slowest: Cadence

    def open(self, files: BucketFiles) -> AbstractContextManager[Run]:
        nobody = cast("Records", None)  # asked for the codes of group lists only
        return self.traversal.open(self.rules, self.profiles, (files,), nobody, self.slowest)


class _Run:
    """One traversal under way: a job for the pairs of second keys, a job for everything else, each when first asked."""

    def __init__(
        self,
        spark: "SparkContext",
        work: "Broadcast[_Work]",
        plan: Plan,
        area_codes: dict[int, str],
        files: Sequence[BucketFiles],
    ) -> None:
        self.plan = plan
        self.area_codes = area_codes
        self._spark = spark
        self._work = work
        self._files = files
        self._hot: dict[int, list[KeyPairs]] | None = None
        self._told: dict[int, Told] | None = None

    def pairs(self, number: int) -> list[KeyPairs]:
        """The pairs of a bucket whose key has too many cards over all buckets: the others have been counted away."""
        if self._hot is None:
            self._hot = self._find_hot()
        return self._hot.get(number, [])

    def bucket(self, number: int, hot: HotPairs) -> BucketAnswer:  # noqa: ARG002  it came from here
        """What one bucket says; the first call traverses all. `hot` is what `pairs` has told of this bucket."""
        if self._told is None:
            self._told = self._judge()
        answer, _ = self._told[number]
        if isinstance(answer, TallywardError):
            raise answer
        return answer

    def rest(self) -> BucketAnswer:
        """What the tasks had not told with their buckets."""
        whole = BucketAnswer(UNKNOWN_BUCKET, blind=[0] * len(self.plan.blind))
        for _, rest in (self._told or {}).values():
            whole.hits += rest.hits
            whole.lost_cards += rest.lost_cards
            whole.cells += rest.cells
        return whole

    def _find_hot(self) -> dict[int, list[KeyPairs]]:
        parts = -(-len(self._files) // _BUCKETS_A_PART)
        if not self.plan.keys or not parts:
            return {}
        found = (
            self._spark.parallelize(self._files, len(self._files))
            .flatMap(_pairs_task(self._work, parts))
            .partitionBy(parts, int)
            .mapPartitions(_count_task({key.fault: key.at_least for key in self.plan.keys}))
            .collect()
        )
        hot = defaultdict[int, list[KeyPairs]](list)
        for bucket, pairs in found:
            hot[bucket].append(pairs)
        return hot

    def _judge(self) -> dict[int, Told]:
        hot = self._hot or {}
        given = [(one, hot.get(one.bucket, [])) for one in self._files]
        told = self._spark.parallelize(given, len(given)).map(_judge_task(self._work)).collect()
        return {one.bucket: said for one, said in zip(self._files, told, strict=True)}


def _pairs_task(work: "Broadcast[_Work]", parts: int) -> Callable[[BucketFiles], list[tuple[int, KeyPairs]]]:
    """A bucket's pairs by the part that counts their keys; of a damaged one none: the second job tells why."""

    def task(files: BucketFiles) -> list[tuple[int, KeyPairs]]:
        try:
            with work.value.open(files) as run:
                return [split for pairs in run.pairs(files.bucket) for split in split_by_key(pairs, parts)]
        except CorruptError:
            return []

    return task


def _count_task(
    at_least: dict[int, int],
) -> Callable[[Iterable[tuple[int, KeyPairs]]], list[tuple[int, KeyPairs]]]:
    """The pairs of some keys, of all buckets -> (bucket, pairs) of those with too many cards: `at_least`, by fault."""

    def task(given: Iterable[tuple[int, KeyPairs]]) -> list[tuple[int, KeyPairs]]:
        pairs = [one for _, one in given]
        found: list[tuple[int, KeyPairs]] = []
        for fault, most in at_least.items():
            keys, cards, _ = hot_pairs([one for one in pairs if one.fault == fault], most)
            found += _split(KeyPairs(fault, keys, cards), cards // BUCKET_CARDS)
        return found

    return task


def _judge_task(work: "Broadcast[_Work]") -> Callable[[tuple[BucketFiles, HotPairs]], Told]:
    """A bucket -> what it says. A refusal is told as a value, so that Spark does not try the bucket again."""

    def task(given: tuple[BucketFiles, HotPairs]) -> Told:
        files, hot = given
        nothing = BucketAnswer(files.bucket)
        try:
            with work.value.open(files) as run:
                try:
                    answer: BucketAnswer | TallywardError = run.bucket(files.bucket, hot)
                except CorruptError as damage:
                    answer = damage
                return answer, run.rest()
        except TallywardError as refusal:
            return refusal, nothing

    return task


def split_by_key(pairs: KeyPairs, parts: int) -> list[tuple[int, KeyPairs]]:
    """(part, pairs) for each part that has any: all pairs of a key come into the same part, whatever their bucket."""
    spread = (pairs.keys * np.uint64(_SPREAD)) >> np.uint64(32)
    return _split(pairs, spread % np.uint64(parts))


def _split(pairs: KeyPairs, where: NDArray[np.unsignedinteger]) -> list[tuple[int, KeyPairs]]:
    """The pairs by what stands in `where` for each."""
    return [
        (number, KeyPairs(pairs.fault, pairs.keys[own], pairs.cards[own]))
        for number in np.unique(where).tolist()
        if (own := where == number).any()
    ]
