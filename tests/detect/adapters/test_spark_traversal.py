import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal, Resources
from tallyward.detect.adapters.spark_session import spark_session
from tallyward.detect.adapters.spark_traversal import SparkTraversal, split_by_key
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import KeyPairs
from tallyward.detect.ports import Traversal
from tallyward.detect.service import CardScan, ScanReport
from tallyward.kernel.errors import UnavailableError
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import UNKNOWN_BUCKET, SegmentRef, Snapshot
from tallyward.records.schema import TAG_SHIFT, SubscriberTag
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import BUCKET_CARDS
from tallyward.simulate import benchmark
from tests.detect.adapters.test_duckdb_traversal import throw_day
from tests.detect.rule_making import random_rule
from tests.detect.world import DAY, World

BOX = 860000000000004
_LOG = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """One Spark for all tests here: two tasks at once."""
    try:
        with spark_session("local[2]") as context:
            yield context
    except UnavailableError as missing:
        if missing.code not in {"detect.no_spark", "detect.no_java"}:
            raise
        pytest.skip(str(missing))


def both(world: World, spark: Any, rules: tuple[Rule, ...], *, day_over: bool = True) -> tuple[ScanReport, ScanReport]:
    """The same day by DuckDB and by Spark."""
    on_spark = CardScan(
        SparkTraversal(spark, Resources(400, 1)), world, world.profile_snapshot, RuleBook(rules, "book")
    )
    return world.scan(rules).run(DAY, day_over=day_over), on_spark.run(DAY, day_over=day_over)


def assert_equal(duckdb: ScanReport, spark: ScanReport) -> None:
    assert spark.findings == duckdb.findings
    assert spark.coverage == duckdb.coverage
    assert spark.unjudged == duckdb.unjudged
    assert spark.candidates == duckdb.candidates
    assert [(one.code, one.parameters) for one in spark.unread] == [(one.code, one.parameters) for one in duckdb.unread]


def seven_faults(world: World) -> None:
    """A card for each rule, a box whose cards are spread over three buckets, an unknown card and an unknown cell."""
    world.lists = {1: [("ipv4", "10.0.0.1"), ("apn", "cmnet")]}
    world.use(world.card(1, voice_mode=0), svc=2)
    world.use(world.card(2, data_mode=1, data_list=1), peer=(1 << TAG_SHIFT) | 0x0B000000)
    world.use(world.card(3, roam_ok=0), area=3)
    for cell in range(1, 7):
        world.use(world.card(5, fixed=1), cell=cell)
    world.use(world.card(6, day_bytes=10), up=11)
    world.use(world.card(BUCKET_CARDS + 7, rn_active=0))
    for number in range(9):
        world.use(world.card(BUCKET_CARDS * (number % 3) + 100 + number, imei_bound=0), imei=BOX)
    world.use(0, stranger=(1 << TAG_SHIFT) | 460001234567890)
    world.use(world.card(8), cell=1 << 31)


def test_all_seven_rules_find_on_spark_what_they_find_on_duckdb(
    world: World, rules: tuple[Rule, ...], spark: Any
) -> None:
    seven_faults(world)
    duckdb, on_spark = both(world, spark, rules)
    assert_equal(duckdb, on_spark)
    assert {str(one.rule) for one in on_spark.findings} >= {
        *(f"R{number}" for number in range(1, 8)),
        "R0.unknown_card",
    }
    boxed = {int(one.card) for one in on_spark.findings if one.rule == "R4" and one.card}
    assert {card // BUCKET_CARDS for card in boxed} == {0, 1, 2}
    assert len(boxed) == 9
    assert on_spark.coverage.complete


@pytest.mark.parametrize("seed", range(2))
def test_random_rules_on_random_days_come_out_as_on_duckdb(
    new_world: Callable[[], World], spark: Any, seed: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_day(world, dice)
    for profile in world.profiles.values():
        profile["cadence"] = dice.choice([0, 1, 2])
    rules = tuple(random_rule(dice, f"T{number}") for number in range(12))
    duckdb, on_spark = both(world, spark, rules, day_over=bool(seed))
    assert duckdb.findings
    assert_equal(duckdb, on_spark)


def test_a_damaged_bucket_is_told_and_the_others_are_judged(
    world: World, rules: tuple[Rule, ...], spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seven_faults(world)
    snapshot = world.snapshot(DAY)
    monkeypatch.setattr(World, "snapshot", lambda *_: snapshot)
    damaged = next(one for one in snapshot.segments if one.bucket == 1)
    damaged.path.write_bytes(b"PAR1" + damaged.path.read_bytes()[4:-8] + b"\xff" * 8)
    duckdb, on_spark = both(world, spark, rules)
    assert_equal(duckdb, on_spark)
    assert [one.parameters["file"] for one in on_spark.unread] == [damaged.path.name]
    assert not on_spark.coverage.complete


def test_a_day_without_buckets_is_empty(world: World, rules: tuple[Rule, ...], spark: Any) -> None:
    duckdb, on_spark = both(world, spark, rules)
    assert_equal(duckdb, on_spark)


def test_all_pairs_of_a_key_are_counted_in_one_part_and_none_is_lost() -> None:
    keys = np.array([BOX + step for step in range(0, 1000, 10)] * 2 + [2**64 - 1], np.uint64)
    cards = np.arange(len(keys), dtype=np.uint32)
    split = split_by_key(KeyPairs(4, keys, cards), 7)
    assert sorted(card for _, part in split for card in part.cards.tolist()) == cards.tolist()
    where = [(key, part) for part, pairs in split for key in pairs.keys.tolist()]
    assert len({key for key, _ in where}) == len(set(where)) == 101
    assert len({part for part, _ in split}) == 7


@dataclass
class BenchRecords:
    """What the scan asks of the records room, over a simulated day."""

    made: benchmark.BenchmarkData

    def snapshot(self, day: date) -> Snapshot:
        refs = (
            SegmentRef(SegmentId(at), path, day, bucket, rows, 0, 0, "")
            for at, (bucket, path, rows) in enumerate(self.made.segments)
        )
        return Snapshot(1, day, tuple(refs))

    def days(self) -> tuple[date, ...]:
        return (self.made.day,)

    def peer_codes(self, kind: PeerKind, texts: Sequence[str]) -> NDArray[np.uint64]:
        raise NotImplementedError(kind, texts)  # the simulated lists hold addresses and numbers only

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        return [str(code) for code in codes]

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        low = (1 << TAG_SHIFT) - 1
        return [(SubscriberTag(code >> TAG_SHIFT), str(code & low)) for code in codes]

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        return [str(cell) for cell in cells]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_ten_million_records_come_out_as_on_duckdb(tmp_path: Path, spark: Any) -> None:
    made = benchmark.write(tmp_path, 900_000, seed=11, fault_share=0.1)
    assert made.records >= 10_000_000
    engines: dict[str, Traversal] = {"duckdb": DuckDbTraversal(), "spark": SparkTraversal(spark, Resources(800, 1))}
    reports = {}
    for name, engine in engines.items():
        began = time.monotonic()
        scan = CardScan(engine, BenchRecords(made), lambda: made.profile_snapshot, RuleBook.load())
        reports[name] = scan.run(made.day)
        _LOG.info("%s: %d records in %.1f s", name, made.records, time.monotonic() - began)
    assert_equal(reports["duckdb"], reports["spark"])
    assert reports["spark"].coverage.complete
    truth = set(zip(made.truth_flags["card_id"].to_pylist(), made.truth_flags["rule"].to_pylist(), strict=True))
    assert {
        (int(one.card), str(one.rule)) for one in reports["spark"].findings if not one.rule.startswith("R0")
    } == truth
    assert UNKNOWN_BUCKET in {bucket for bucket, _, _ in made.segments}
