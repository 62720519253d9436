import random
from collections.abc import Callable

import pytest

from tallyward.detect.cards.rule import Rule
from tallyward.records.model import UNKNOWN_BUCKET
from tests.detect.adapters.test_duckdb_traversal import throw_day
from tests.detect.rule_making import random_rule
from tests.detect.world import DAY, World


def test_every_card_and_record_is_accounted_for(world: World, rules: tuple[Rule, ...]) -> None:
    for card in (1, 2, 250_001):
        world.use(world.card(card), times=3)
    world.card(3)  # silent all day
    world.use(0, stranger=(1 << 60) | 460001234567890)
    told: list[tuple[int, int]] = []
    report = world.scan(rules).run(DAY, progress=lambda done, total: told.append((done, total)))
    cover = report.coverage
    assert (cover.cards_expected, cover.cards_read, cover.cards_unknown) == (4, 4, 1)
    assert (cover.records_in, cover.records_used, cover.records_refused) == (10, 10, 0)
    assert cover.complete
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert (report.manifest_version, report.profile_version, report.rules_version) == (7, 5, "book")


def test_while_a_day_still_arrives_nothing_is_said_of_what_it_lacks(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, fixed=1), cell=0)
    scan = world.scan(rules)
    assert not [one for one in scan.run(DAY, day_over=False).findings if one.rule == "R0.blind"]
    assert [one for one in scan.run(DAY).findings if one.rule == "R0.blind"]


def test_some_buckets_alone_are_scanned_when_asked(world: World, rules: tuple[Rule, ...]) -> None:
    for card in (1, 250_001):
        world.use(world.card(card, rn_active=0))
    report = world.scan(rules).run(DAY, buckets=[1])
    assert [int(one.card) for one in report.findings] == [250_001]
    assert report.coverage.complete


def test_the_same_scan_says_the_same(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, voice_mode=0), svc=2)
    scan = world.scan(rules)
    assert scan.run(DAY).findings == scan.run(DAY).findings


def test_a_damaged_bucket_is_told_and_the_others_are_judged(
    world: World, rules: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for card in (1, 250_001, 500_001):
        world.use(world.card(card, rn_active=0))
    world.use(0, stranger=(1 << 60) | 460001234567890)
    snapshot = world.snapshot(DAY)
    monkeypatch.setattr(World, "snapshot", lambda *_: snapshot)
    damaged = next(one for one in snapshot.segments if one.bucket == 1)
    damaged.path.write_bytes(b"PAR1" + damaged.path.read_bytes()[4:-8] + b"\xff" * 8)
    report = world.scan(rules).run(DAY)
    assert [int(one.card) for one in report.findings if one.card and one.rule == "R7"] == [1, 500_001]
    assert [damage.parameters["file"] for damage in report.unread] == [damaged.path.name]
    assert (report.coverage.records_in, report.coverage.records_used) == (4, 3)
    assert not report.coverage.complete


def test_damage_among_the_unknown_cards_is_told_by_file(
    world: World, rules: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.use(world.card(1, rn_active=0))
    world.use(0, stranger=(1 << 60) | 460001234567890)
    snapshot = world.snapshot(DAY)
    monkeypatch.setattr(World, "snapshot", lambda *_: snapshot)
    damaged = next(one for one in snapshot.segments if one.bucket == UNKNOWN_BUCKET)
    damaged.path.write_bytes(b"PAR1 and no more")
    report = world.scan(rules).run(DAY)
    assert [one.rule for one in report.findings if one.card] == ["R7"]
    assert [(damage.code, damage.parameters["file"]) for damage in report.unread] == [
        ("detect.file_unreadable", damaged.path.name)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_pass_over_a_day_that_arrives_tells_what_the_whole_day_would_but_of_daily_cards_nothing(
    new_world: Callable[[], World], seed: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_day(world, dice)
    for profile in world.profiles.values():
        profile["cadence"] = dice.choice([0, 1, 2, 2])
    scan = world.scan(tuple(random_rule(dice, f"T{number}") for number in range(12)))
    whole = [one for one in scan.run(DAY).findings if one.rule != "R0.blind"]
    waits = {card for card, profile in world.profiles.items() if profile["cadence"] == 2}
    report = scan.run(DAY, day_over=False)
    assert list(report.findings) == [one for one in whole if one.card not in waits]
    assert report.coverage == scan.run(DAY).coverage, "every record is read all the same"


def test_daily_cards_that_share_a_terminal_with_others_are_counted_and_not_told_until_the_day_is_over(
    world: World, rules: tuple[Rule, ...]
) -> None:
    for card in range(1, 9):
        world.use(world.card(250_000 * card, imei_bound=0, cadence=1 if card == 4 else 2), imei=860000000000004)
    scan = world.scan(rules)
    (found,) = scan.run(DAY, day_over=False).findings
    assert (str(found.rule), found.card) == ("R4", 1_000_000)
    assert len(scan.run(DAY).findings) == 8
