from tallyward.detect.cards.rule import Rule
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
