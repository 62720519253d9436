from dataclasses import replace
from functools import partial

import pytest

from tallyward.detect.adapters.live_columns import LiveColumns
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.live import LiveScan
from tallyward.detect.ports import BucketFiles
from tests.detect.world import DAY, World


def scan(world: World, rules: tuple[Rule, ...], most_cards: int = 2_000_000) -> LiveScan:
    profiles = world.profile_snapshot()
    opened = partial(LiveColumns, seed=4, most_cards=most_cards)
    return LiveScan(opened, world, lambda: profiles, lambda: RuleBook(rules, "book"))


def test_each_look_tells_what_is_new_in_both_languages(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, voice_mode=0), svc=2)
    live = scan(world, rules)
    report = live.take(DAY)
    (finding,) = report.findings
    assert (str(finding.rule), finding.card, report.records) == ("R1", 1, 1)
    assert finding.explanation["en"].why != finding.explanation["zh-CN"].why
    assert live.take(DAY).findings == ()


def test_records_of_unknown_cards_are_left_to_the_traversal(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(0, stranger=(1 << 60) | 5)
    assert scan(world, rules).take(DAY).records == 0


def test_other_rules_or_another_registry_begin_the_day_anew(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, voice_mode=0), svc=2)
    versions = {"profiles": world.profile_snapshot(), "book": RuleBook(rules, "one")}
    live = LiveScan(partial(LiveColumns, seed=4), world, lambda: versions["profiles"], lambda: versions["book"])  # type: ignore[arg-type,return-value] # each is its own kind
    first = live.take(DAY).findings
    versions["book"] = RuleBook(rules, "two")
    assert live.take(DAY).findings == first
    versions["profiles"] = replace(world.profile_snapshot(), version=9)
    assert live.take(DAY).findings == first
    assert live.take(DAY).findings == ()


def test_a_day_that_is_forgotten_is_told_again(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, voice_mode=0), svc=2)
    live = scan(world, rules)
    first = live.take(DAY).findings
    live.forget(DAY)
    assert live.take(DAY).findings == first


def test_cards_beyond_what_memory_is_given_for_are_left_to_the_traversal(world: World, rules: tuple[Rule, ...]) -> None:
    for card in (1, 2, 250_001, 250_002):
        world.use(world.card(card, voice_mode=0), svc=2)
    assert [finding.card for finding in scan(world, rules, most_cards=3).take(DAY).findings] == [1, 2, 250_001]
    assert scan(world, rules, most_cards=0).take(DAY).findings == ()


def test_cards_of_other_cadences_are_left_to_the_traversal_and_take_no_room(
    world: World, rules: tuple[Rule, ...]
) -> None:
    for card, cadence in ((1, 1), (2, 0), (3, 2), (250_001, 2), (500_001, 0)):
        world.use(world.card(card, voice_mode=0, cadence=cadence), svc=2)
    assert [finding.card for finding in scan(world, rules, most_cards=2).take(DAY).findings] == [2, 500_001]


def test_cards_that_share_a_terminal_are_counted_whatever_their_cadence(world: World, rules: tuple[Rule, ...]) -> None:
    for card in range(1, 9):
        world.use(world.card(250_000 * card, imei_bound=0, cadence=0 if card in {2, 3} else 2), imei=860000000000004)
    found = scan(world, rules, most_cards=1).take(DAY).findings
    assert [(str(one.rule), one.card) for one in found] == [("R4", 500_000)]


def test_a_day_that_is_expected_is_ready_before_its_records(world: World, rules: tuple[Rule, ...]) -> None:
    for card in (1, 2, 250_001):
        world.card(card, voice_mode=0)
    live = scan(world, rules)
    opened = LiveColumns.open
    buckets: list[int] = []

    def noted(self: LiveColumns, files: BucketFiles) -> None:
        buckets.append(files.bucket)
        opened(self, files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LiveColumns, "open", noted)
        live.expect(DAY)
        live.expect(DAY)
    assert buckets == [0, 1]
    world.use(1, svc=2)
    world.use(250_001, svc=2)
    assert [finding.card for finding in live.take(DAY).findings] == [1, 250_001]
