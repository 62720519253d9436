"""The compiled traversal against the plain-Python verdict, on random days and random rules, and on hand-made traps."""

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyward.detect.adapters import duckdb_traversal
from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal
from tallyward.detect.cards import stage_one
from tallyward.detect.cards.rule import Rule
from tallyward.detect.ports import BucketFiles
from tallyward.detect.service import ScanReport
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, PeerTag
from tallyward.registry.profile_schema import BUCKET_CARDS
from tests.detect.rule_making import fault, make_rule, random_rule
from tests.detect.world import DAY, PLAIN_RECORD, START, World

IPV4 = PeerTag.IPV4 << TAG_SHIFT
NUMBER = PeerTag.NUMBER << TAG_SHIFT
PEERS = [0, IPV4 | 0x0A000001, IPV4 | 0x0A000002, IPV4 | 0x0A010000, IPV4 | 0x0B000000, NUMBER | 123, NUMBER | 456]
LISTS = {
    1: [("ipv4", "10.0.0.1"), ("number", "123")],
    2: [("ipv4", "10.0.0.0/24"), ("ipv4", "10.0.0.1")],
    3: [("ipv4", "10.0.0.0/8")],
    4: [("ipv4", "10.0.0.2"), ("ipv4", "10.0.0.2/31"), ("number", "456"), ("apn", "cmnet")],
}


def found(report: ScanReport) -> set[tuple[int, str]]:
    return {(one.card, str(one.rule)) for one in report.findings if not one.rule.startswith("R0")}


def throw_day(world: World, dice: random.Random) -> None:
    """Cards in three buckets, few values of everything, so that equal ones meet."""
    world.lists = LISTS
    for place in range(24):
        card = world.card(
            (place % 3) * BUCKET_CARDS + 1 + place,
            data_mode=dice.randint(0, 2),
            sms_mode=dice.randint(0, 2),
            data_list=dice.randint(0, 4),
            sms_list=dice.randint(0, 4),
            roam_ok=dice.randint(0, 1),
            home_area=dice.randint(0, 4),
            fixed=dice.randint(0, 1),
            home_cell=dice.randint(0, 4),
            imei_bound=dice.randint(0, 3),
            rn_active=dice.randint(0, 1),
            day_bytes=dice.choice([None, 0, 5, 11]),
            month_bytes=dice.choice([None, 0, 30]),
            max_peers=dice.choice([None, 0, 1, 3]),
            max_cells=dice.choice([None, 1, 3]),
            max_imeis=dice.choice([None, 0, 1, 2]),
        )
        for rows, start in ((world.records, START), (world.earlier, START - 8 * 86_400)):
            rows += [
                {
                    "card_id": card,
                    "ts": start + dice.choice([0, 1, 500, 86_399]),
                    "svc": dice.randint(0, 3),
                    "imei": dice.choice([0, 1, 2, 3, dice.choice([1, 2**64 - 1])]),
                    "peer": dice.choice(PEERS),
                    "up": dice.choice([0, 1, 2, 3, 2**32 - 1]) if dice.random() < 0.3 else dice.randint(0, 3),
                    "dn": dice.randint(0, 3),
                    "cell": dice.choice([0, 1, 1, 2, 3, 4, 5, 6, 7, UNKNOWN_CELL_BASE + 5]),
                    "area": dice.randint(0, 4),
                }
                for _ in range(dice.choice([0, 1, 2, 5, 9]))
            ]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_random_rules_on_random_days_come_out_as_plain_python_says(new_world: Callable[[], World], seed: int) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_day(world, dice)
    rules = tuple(random_rule(dice, f"T{number}") for number in range(8))
    report = world.scan(rules).run(DAY)
    assert found(report) == world.verdicts(rules)
    assert report.coverage.complete
    assert report.coverage.records_used == len(world.records)


@pytest.mark.parametrize("segments", [1, 3])
@pytest.mark.parametrize("seed", range(6))
def test_a_bucket_read_in_stretches_and_asked_in_pieces_comes_out_the_same(
    new_world: Callable[[], World], monkeypatch: pytest.MonkeyPatch, seed: int, segments: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    world.segments_a_bucket = segments
    throw_day(world, dice)
    rules = tuple(random_rule(dice, f"T{number}") for number in range(8))
    whole = world.scan(rules).run(DAY)
    monkeypatch.setattr(stage_one, "_PIECE", 7)
    pieces = world.scan(rules).run(DAY)
    monkeypatch.setattr(duckdb_traversal, "_MEMORY_FOR_RECORDS", 1e-6)  # 400 bytes: one card's records
    stretches = world.scan(rules).run(DAY)
    assert found(whole) == world.verdicts(rules)
    assert whole.findings == pieces.findings == stretches.findings
    assert whole.unjudged == pieces.unjudged == stretches.unjudged
    assert whole.coverage == pieces.coverage == stretches.coverage


def test_records_of_one_card_that_do_not_fit_are_refused_with_what_to_do(
    world: World, rules: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.use(world.card(9), times=500)
    monkeypatch.setattr(duckdb_traversal, "_MEMORY_FOR_RECORDS", 1e-6)
    with pytest.raises(UnavailableError) as caught:
        world.scan(rules).run(DAY)
    assert caught.value.code == "detect.memory"


def test_fractions_are_added_up_as_fractions(world: World) -> None:
    rule = make_rule(fault(card="sum(up * 0.4) + 0 > 1"))
    world.use(world.card(1), times=3)
    world.use(world.card(2), times=2)
    assert found(world.scan((rule,)).run(DAY)) == {(1, "T1")}


def test_the_shipped_rules_come_out_as_plain_python_says(
    new_world: Callable[[], World], rules: tuple[Rule, ...]
) -> None:
    hits = set()
    for seed in range(6):
        world = new_world()
        throw_day(world, random.Random(seed))
        report = world.scan(rules).run(DAY)
        assert found(report) == world.verdicts(rules)
        hits |= {rule for _, rule in found(report)}
    assert hits == {rule.id for rule in rules}


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("column", ["peer", "cell", "imei", "area"])
def test_exactly_k_distinct_values_pass_and_one_more_is_found(world: World, column: str, limit: int) -> None:
    rule = make_rule(fault(card=f"count_distinct({column}) > k"), limits={"k": limit})
    for card, values in ((1, limit), (2, limit + 1)):
        world.card(card)
        for value in range(1, values + 1):
            world.use(card, times=3, **{column: value * 1000 if column != "cell" else value * 90_000})
        world.use(card, times=4, **{column: 0})
    assert found(world.scan((rule,)).run(DAY)) == {(2, "T1")}


def test_400_peers_that_would_collide_in_any_bitmap_are_all_counted(world: World) -> None:
    rule = make_rule(fault(card="count_distinct(peer) > 399"))
    world.card(1)
    for turn in range(400):
        world.use(1, peer=IPV4 | (turn << 6))
    assert found(world.scan((rule,)).run(DAY)) == {(1, "T1")}


def test_cells_with_near_ids_that_lie_far_apart_are_found(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, fixed=1, home_cell=4)
    world.use(1, cell=4)
    world.use(1, cell=5)
    assert (1, "R5") in found(world.scan(rules).run(DAY))


def test_a_home_cell_that_is_never_seen_hides_nothing(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, fixed=1, home_cell=6)
    world.card(2, fixed=1, home_cell=0)
    for card in (1, 2):
        world.use(card, cell=1)
        world.use(card, cell=4)
    assert {(1, "R5"), (2, "R5")} <= found(world.scan(rules).run(DAY))


def test_one_imei_is_counted_across_buckets_and_cards_counted_once(world: World, rules: tuple[Rule, ...]) -> None:
    for turn in range(8):
        card = world.card(1 + turn * BUCKET_CARDS, imei_bound=0)
        world.use(card, times=3, imei=99)
    for turn in range(7):
        world.use(world.card(50 + turn * BUCKET_CARDS, imei_bound=0), times=2, imei=77)
    world.use(1, imei=78)
    report = world.scan(rules).run(DAY)
    boxed = [one for one in report.findings if one.rule == "R4"]
    assert {one.card for one in boxed} == {1 + turn * BUCKET_CARDS for turn in range(8)}
    assert all(one.measures[0].observed == "8" for one in boxed)
    assert {record.imei for one in boxed for record in one.evidence} == {99}


def test_records_at_both_ends_of_the_day_count(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, day_bytes=9)
    world.use(1, ts=START, up=5)
    world.use(1, ts=START + 86_399, up=3)
    (finding,) = world.scan(rules).run(DAY).findings
    assert (finding.first_ts, finding.last_ts) == (START, START + 86_399)
    assert finding.measures[0].observed == "10 B"


def test_a_record_of_an_unknown_cell_counts_for_every_rule_and_is_found(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, rn_active=0, day_bytes=1)
    world.use(1, cell=UNKNOWN_CELL_BASE, up=4)
    report = world.scan(rules).run(DAY)
    assert {(str(one.rule), one.subject.number) for one in report.findings} == {
        ("R6", "1"),
        ("R7", "1"),
        ("R0.unknown_cell", "460-0-1-77"),
    }


def test_an_unknown_card_is_found_and_never_dropped(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1)
    world.use(1)
    world.use(0, times=3, stranger=(1 << TAG_SHIFT) | 460_001)
    world.use(0, stranger=(2 << TAG_SHIFT) | 861_440, cell=UNKNOWN_CELL_BASE)
    world.use(5)  # an id that the snapshot does not hold
    world.use(7 * BUCKET_CARDS)  # a bucket that it does not hold
    report = world.scan(rules).run(DAY)
    seen = {(str(one.rule), one.subject.kind.value, one.subject.number, one.records) for one in report.findings}
    assert seen == {
        ("R0.unknown_card", "imsi", "460001", 3),
        ("R0.unknown_card", "msisdn", "861440", 1),
        ("R0.unknown_card", "card", "5", 1),
        ("R0.unknown_card", "card", str(7 * BUCKET_CARDS), 1),
        ("R0.unknown_cell", "cell", "460-0-1-77", 1),
    }
    assert report.coverage.cards_unknown == 4
    assert report.coverage.records_used == len(world.records)


def test_a_card_whose_records_lack_an_operand_all_day_is_told_once_a_rule(
    world: World, rules: tuple[Rule, ...]
) -> None:
    for card in (1, 2):
        world.use(world.card(card, fixed=1, imei_bound=0), cell=0)
    world.use(world.card(3, fixed=1), cell=1)
    report = world.scan(rules).run(DAY)
    assert [(str(one.rule), one.subject.number, one.records) for one in report.findings] == [("R0.blind", "R5", 2)]
    assert ("R4", "imei_bound", False, 2) in [
        (one.rule, one.operand, one.in_records, one.cards) for one in report.unjudged
    ]


def test_a_wide_prefix_and_overlapping_lists_are_looked_up_exactly(world: World, rules: tuple[Rule, ...]) -> None:
    world.lists = LISTS
    peers = {1: PEERS[1], 2: PEERS[2], 3: PEERS[3], 4: PEERS[4]}
    for turn, (group, peer) in enumerate((group, peer) for group in LISTS for peer in peers.values()):
        world.use(world.card(turn + 1, data_mode=1, data_list=group), peer=peer)
    expected = world.verdicts(rules)
    assert 0 < len(expected) < len(LISTS) * len(peers)
    assert found(world.scan(rules).run(DAY)) == expected


def test_evidence_is_five_records_that_show_it_best(world: World, rules: tuple[Rule, ...]) -> None:
    world.card(1, max_peers=3)
    world.use(1, times=9, peer=PEERS[1])
    for turn in range(4):
        world.use(1, peer=IPV4 | (100 + turn), ts=START + 5000 + turn)
    world.card(2, day_bytes=10)
    for volume in (1, 7, 3, 9, 2, 8, 5):
        world.use(2, up=volume, ts=START + 1000 - volume)
    fan, loud = world.scan(rules).run(DAY).findings
    assert len({record.peer for record in fan.evidence}) == 5
    assert sorted(record.up for record in loud.evidence) == [3, 5, 7, 8, 9]
    assert fan.source_intake == 3
    assert all(record.segment >= 11 for record in fan.evidence)


def test_evidence_names_the_row_of_its_segment(world: World, rules: tuple[Rule, ...]) -> None:
    for card in range(1, 40):
        world.use(world.card(card, rn_active=card % 2), times=3, up=card)
    paths = {int(one.id): one.path for one in world.snapshot(DAY).segments}
    for finding in world.scan(rules).run(DAY).findings:
        for record in finding.evidence:
            row = pq.read_table(paths[record.segment]).slice(record.row, 1).to_pylist()[0]
            assert (row["card_id"], row["ts"], row["up"]) == (finding.card, record.ts, record.up)


def test_the_same_day_gives_the_same_findings_whatever_the_order_of_arrival(
    world: World, rules: tuple[Rule, ...]
) -> None:
    throw_day(world, random.Random(3))
    first = world.scan(rules).run(DAY)
    random.Random(4).shuffle(world.records)
    world.segments_a_bucket = 1
    again = world.scan(rules).run(DAY)

    def without_places(report: ScanReport) -> list[object]:
        return [
            (one.subject, one.rule, one.records, one.first_ts, one.last_ts, one.measures) for one in report.findings
        ]

    assert without_places(first) == without_places(again)


def test_a_segment_that_lost_records_stops_the_scan(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1), times=4)
    snapshot = world.snapshot(DAY)
    segment = snapshot.segments[0]
    pq.write_table(pq.read_table(segment.path).slice(1), segment.path)
    with (
        pytest.raises(CorruptError) as caught,
        DuckDbTraversal().open(
            rules, world.profile_snapshot(), [BucketFiles(0, None, snapshot.segments)], world
        ) as run,
    ):
        run.bucket(0, ())
    assert caught.value.code == "detect.records_differ"


def test_what_does_not_fit_the_engine_is_refused_with_a_code(world: World) -> None:
    rule = make_rule(fault(card="count_distinct(peer) > 1"))
    world.card(1)
    world.records = [{**PLAIN_RECORD, "card_id": 1, "peer": IPV4 | turn, "ts": START} for turn in range(60_000)]
    with pytest.raises(UnavailableError) as caught:
        world.scan((rule,), memory_mb=8).run(DAY)
    assert caught.value.code == "detect.engine"


def test_the_engine_opens_the_files_of_the_traversal_and_no_others(
    world: World, rules: tuple[Rule, ...], tmp_path: Path
) -> None:
    world.use(world.card(1))
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    files = [BucketFiles(0, None, world.snapshot(DAY).segments)]
    with DuckDbTraversal().open(rules, world.profile_snapshot(), files, world) as run:
        engine = run._engine
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            "SET enable_external_access = true",
            f"ATTACH '{tmp_path}/other.db'",
            "INSTALL httpfs",
        ):
            with pytest.raises(Exception, match=r"(?i)disabled|locked|cannot"):
                engine.execute(statement)
        assert run.bucket(0, ()).records == 1
