"""Batches of a day, in whatever order and size, against the plain-Python verdict on the whole day."""

import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallyward.detect.adapters.live_columns import LiveColumns
from tallyward.detect.cards.exactness import tells_exactly
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import FaultHit
from tallyward.detect.ports import BucketFiles
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef, bucket_of
from tests.detect.adapters.test_duckdb_traversal import found as told
from tests.detect.adapters.test_duckdb_traversal import throw_day
from tests.detect.rule_making import fault, make_rule, random_rule
from tests.detect.world import DAY, START, Row, World, usage_table


class Arriving:
    """A world whose records come batch by batch, each an intake of its own with a segment a bucket."""

    def __init__(self, world: World, rules: tuple[Rule, ...]) -> None:
        self.world = world
        self.profiles = world.profile_snapshot()
        self.segments: defaultdict[int, list[SegmentRef]] = defaultdict(list)
        self.intake = self.written = 0
        self.live = LiveColumns(rules, self.profiles, world, seed=11)
        self.earlier = [world.snapshot(day) for day in world.days() if day != DAY and day.month == DAY.month]

    def write(self, rows: list[Row]) -> None:
        self.intake += 1
        parts: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows:
            parts[bucket_of(row["card_id"])].append({**row, "src": self.intake})  # type: ignore[arg-type] # a bare int
        for bucket, own in parts.items():
            self.add(bucket, own)

    def add(self, bucket: int, rows: list[Row]) -> None:
        number = self.written
        self.written += 1
        path = self.world.folder / f"live-{number}-{id(self)}.parquet"
        pq.write_table(usage_table(rows), path)
        self.segments[bucket].append(SegmentRef(SegmentId(number), path, DAY, bucket, len(rows), 0, 0, "x"))

    def take(self, after: int) -> list[FaultHit]:
        hits = []
        for bucket, segments in self.segments.items():
            earlier = tuple(one.bucket(bucket) for one in self.earlier)
            files = BucketFiles(bucket, None, tuple(segments), earlier)
            hits += self.live.take(files, after)[0]
        return hits

    def flags(self, hits: list[FaultHit]) -> list[tuple[int, str]]:
        plan = self.live.plan
        return [(hit.card, str(plan.rules[plan.faults[hit.fault].rule].id)) for hit in hits]


def told_live(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules all of whose faults can be told live."""
    return tuple(rule for rule in rules if all(map(tells_exactly, rule.faults)))


@pytest.mark.parametrize("seed", range(30))
def test_batches_of_random_days_come_out_as_plain_python_says_of_the_day_so_far(
    new_world: Callable[[], World], seed: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_day(world, dice)
    rules = told_live(tuple(random_rule(dice, f"T{number}") for number in range(12)))
    arriving = Arriving(world, rules)
    records = world.records
    dice.shuffle(records)
    found: list[tuple[int, str]] = []
    so_far: set[tuple[int, str]] = set()
    at = 0
    while at < len(records):
        size = dice.randint(1, 25)
        arriving.write(records[at : at + size])
        found += arriving.flags(arriving.take(arriving.intake - 1))
        at += size
        world.records = records[:at]
        so_far |= world.verdicts(rules)
        assert set(found) == so_far
    assert rules
    assert world.verdicts(rules) <= set(found)


def test_the_shipped_rules_find_live_what_the_whole_day_has(
    new_world: Callable[[], World], rules: tuple[Rule, ...]
) -> None:
    hits = set()
    for seed in range(4):
        dice = random.Random(seed)
        world = new_world()
        throw_day(world, dice)
        arriving = Arriving(world, rules)
        assert arriving.live.left_out == ()
        dice.shuffle(world.records)
        found = []
        for at in range(0, len(world.records), 13):
            arriving.write(world.records[at : at + 13])
            found += arriving.flags(arriving.take(arriving.intake - 1))
        assert set(found) == world.verdicts(rules)
        by_fault = arriving.live.plan.faults
        assert len(found) <= sum(1 for _ in by_fault) * len(world.profiles)
        hits |= {rule for _, rule in found}
    assert hits == {rule.id for rule in rules}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_cadences_and_a_restart_live_names_those_of_the_live_one_and_nobody_else(
    new_world: Callable[[], World], seed: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_day(world, dice)
    for profile in world.profiles.values():
        profile["cadence"] = dice.choice([0, 0, 1, 2])
    rules = told_live(tuple(random_rule(dice, f"T{number}") for number in range(12)))
    arriving = Arriving(world, rules)
    dice.shuffle(world.records)
    live = {card for card, profile in world.profiles.items() if not profile["cadence"]}
    records, found, so_far = world.records, set[tuple[int, str]](), set[tuple[int, str]]()
    restart = dice.randint(0, len(records))
    for at in range(0, len(records), 7):
        arriving.write(records[at : at + 7])
        found |= set(arriving.flags(arriving.take(arriving.intake - 1)))
        world.records = records[: at + 7]
        now = {flag for flag in world.verdicts(rules) if flag[0] in live}
        so_far |= now
        if at <= restart < at + 7:
            arriving.live = LiveColumns(rules, arriving.profiles, world, seed=12)
            assert set(arriving.flags(arriving.take(0))) == now
        assert found == so_far


def test_nobody_is_named_twice_for_the_same(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, voice_mode=0, rn_active=0)
    arriving = Arriving(world, rules)
    for _ in range(4):
        world.use(1, svc=2)
        arriving.write(world.records[-1:])
        arriving.take(arriving.intake - 1)
    again = arriving.take(0)
    assert again == []


def test_all_at_once_after_a_restart_names_the_same(new_world: Callable[[], World], rules: tuple[Rule, ...]) -> None:
    world = new_world()
    throw_day(world, random.Random(2))
    before = Arriving(world, rules)
    first = []
    for at in range(0, len(world.records), 17):
        before.write(world.records[at : at + 17])
        first += before.flags(before.take(before.intake - 1))
    after = Arriving(world, rules)
    after.segments, after.intake = before.segments, before.intake
    assert sorted(set(after.flags(after.take(0)))) == sorted(set(first))


def test_segments_that_were_put_together_bring_nothing_new(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, day_bytes=9)
    arriving = Arriving(world, rules)
    for _ in range(2):
        world.use(1, up=3, dn=1)
        arriving.write(world.records[-1:])
        assert arriving.take(arriving.intake - 1) == []
    both = [{**row, "src": number} for number, row in enumerate(world.records, start=1)]
    arriving.segments[0] = []
    arriving.add(0, [*both, {**both[0], "src": 3, "up": 0, "dn": 1}])
    assert arriving.take(2) == []  # 9 bytes: counted once
    world.use(1, up=1, dn=0)
    arriving.intake = 3
    arriving.write(world.records[-1:])
    (hit,) = arriving.take(3)
    assert (hit.observed, hit.limit) == (10, 9)


def test_a_hit_says_what_was_observed_and_shows_the_records_of_its_batch(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, max_peers=2, own_limits=4)
    arriving = Arriving(world, rules)
    for turn in range(3):
        world.use(1, peer=(1 << 60) | turn + 1)
    arriving.write(world.records)
    (hit,) = arriving.take(0)
    assert (hit.observed, hit.limit, hit.origin, hit.records) == (3, 2, "card", 3)
    assert len({one.peer for one in hit.witnesses}) == 3
    assert {one.segment for one in hit.witnesses} == {0}


SPANS = (
    "span_km(cell) > 0",
    "span_km(cell) > day_bytes",  # a limit that may pass what binary64 holds exactly, here mostly 0
    "span_km(cell) >= month_bytes AND month_bytes > 0",
    "span_km(cell) > max_cells AND count_distinct(cell) > 1",
    "0 < span_km(cell) AND fixed = 1",
)


@pytest.mark.parametrize("seed", range(12))
def test_a_distance_beside_a_limit_of_zero_is_told_when_there_is_one_and_as_the_traversal_tells_it(
    new_world: Callable[[], World], seed: int
) -> None:
    """Cards seen in one cell so far, in cells of one place, in unknown cells, and then in a second one."""
    dice = random.Random(seed)
    world = new_world()
    world.places |= {7: world.places[1], 8: (-30.0, -110.0), 9: (-30.0, -110.0)}
    for card in range(1, 13):
        limits = {name: dice.choice([0, 0, 0, 1, 40]) for name in ("day_bytes", "month_bytes", "max_cells")}
        world.card(card, fixed=dice.randint(0, 1), **limits)
        cells = dice.choice([[1], [1, 7], [8, 9], [1, 99], [99, 98], [1, 2], [1, 3, 4], [8, 9, 1]])
        for _ in range(dice.randint(1, 5)):
            world.use(card, cell=dice.choice(cells), ts=START + dice.randint(0, 80_000))
    records, world.records = world.records, []
    dice.shuffle(records)
    rules = tuple(make_rule(fault("a", card=text), rule=f"T{number}") for number, text in enumerate(SPANS))
    assert told_live(rules) == rules
    arriving = Arriving(world, rules)
    flags: list[tuple[int, str]] = []
    size = dice.randint(1, 9)
    for at in range(0, len(records), size):
        arriving.write(records[at : at + size])
        flags += arriving.flags(arriving.take(arriving.intake - 1))
        world.records = records[: at + size]
        assert set(flags) == world.verdicts(rules)
    assert len(flags) == len(set(flags))
    assert set(flags) == told(world.scan(rules).run(DAY))


def test_what_only_fractions_tell_is_left_to_the_traversal(world: World, tmp_path: Path) -> None:
    world.card(1)
    rule = make_rule(fault("a", card="sum(up * 0.3) > 1"), fault("b", record="up > 100"))
    live = LiveColumns((rule,), world.profile_snapshot(), world, seed=1)
    assert live.left_out == (0,)
