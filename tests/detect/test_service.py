import pytest

from tallyward.detect.cards.rule import Rule
from tallyward.records.model import UNKNOWN_BUCKET
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
