from dataclasses import replace
from datetime import timedelta

from tallyward.detect.cards.rule import Rule
from tallyward.detect.dry_run import changed, compared, dry_run
from tallyward.detect.service import ScanReport, Unjudged
from tallyward.kernel.ids import RuleId
from tests.detect.rule_making import fault, make_rule
from tests.detect.world import DAY, World

T1, T2 = RuleId("T1"), RuleId("T2")


def peers(most: int, rule: str = "T1") -> Rule:
    limits = {"most_peers": most}
    one = fault(card="count_distinct(peer) > most_peers", observed="count_distinct(peer)", limit="most_peers")
    return make_rule(one, rule=rule, limits=limits)


VOICE = make_rule(fault(record="svc = 'voice'"), rule="T2")


def busy(world: World) -> World:
    """Card 1 reaches one peer, card 2 two and so on; card 3 calls as well; a stranger is there."""
    for card in (1, 2, 3, 250_001):
        world.card(card)
        for peer in range(4 if card > 3 else card):
            world.use(card, peer=(1 << 60) | peer + 1)
    world.use(3, svc=2)
    world.use(0, stranger=(1 << 60) | 460001234567890)
    return world


def report(world: World, *rules: Rule) -> ScanReport:
    return world.scan(rules).run(DAY)


def test_cards_findings_and_cost_are_told_and_strangers_are_left_out(world: World) -> None:
    scanned = report(busy(world), peers(1), VOICE)
    assert "R0.unknown_card" in {one.rule for one in scanned.findings}
    tried = dry_run([peers(1), VOICE], [scanned])
    assert tried.cards == {T1: {2, 3, 250_001}, T2: {3}}
    assert tried.all_cards == {2, 3, 250_001}
    assert (tried.findings(T1), tried.findings(T2)) == (3, 1)
    (day,) = tried.days
    assert (day.day, day.findings, day.cards) == (DAY, {T1: 3, T2: 1}, 3)
    assert tried.records == day.records == scanned.coverage.records_used == 12
    assert (tried.seconds, tried.cpu_seconds) == (scanned.seconds, scanned.cpu_seconds)
    assert tried.complete


def test_days_add_up_but_a_card_counts_once_and_is_shown_on_its_first_day(world: World) -> None:
    scanned = report(busy(world), peers(1))
    next_day = DAY + timedelta(days=1)
    later = replace(
        scanned, day=next_day, findings=tuple(replace(one, day=next_day) for one in scanned.findings), seconds=2.5
    )
    tried = dry_run([peers(1)], iter([scanned, later]))
    assert len(tried.cards[T1]) == 3
    assert tried.findings(T1) == 6
    assert tried.seconds == scanned.seconds + 2.5
    assert [(one.card, one.day) for one in tried.samples[T1]] == [(2, DAY), (3, DAY), (250_001, DAY)]
    assert tried.samples[T1][0].measures[0][1:3] == ("2", "1")


def test_only_so_many_cards_of_each_rule_are_shown(world: World) -> None:
    tried = dry_run([peers(1), VOICE], [report(busy(world), peers(1), VOICE)], shown=1)
    assert {rule: len(own) for rule, own in tried.samples.items()} == {T1: 1, T2: 1}
    assert len(tried.cards[T1]) == 3


def test_a_rule_that_finds_nothing_is_there_with_nothing(world: World) -> None:
    tried = dry_run([peers(90)], [report(busy(world), peers(90))])
    assert tried.cards == {T1: frozenset()}
    assert tried.samples == {T1: ()}
    assert tried.days[0].findings == {}


def test_the_worst_day_of_what_could_not_be_judged_is_told_and_a_day_that_is_not_whole(world: World) -> None:
    scanned = report(busy(world), peers(1))
    blind = [replace(scanned, unjudged=(Unjudged("T1", "cell", in_records=True, cards=count),)) for count in (2, 7, 3)]
    part = replace(scanned, coverage=replace(scanned.coverage, records_used=1))
    assert [(one.operand, one.cards) for one in dry_run([peers(1)], blind).unjudged] == [("cell", 7)]
    assert dry_run([peers(1)], blind).complete
    assert not dry_run([peers(1)], [*blind, part]).complete


def test_two_texts_of_a_rule_are_compared_card_by_card(world: World) -> None:
    new, old = make_rule(fault(card="count_distinct(peer) < many")), peers(2)
    busy(world)
    (differs,) = compared(dry_run([new, VOICE], [report(world, new, VOICE)]), dry_run([old], [report(world, old)]))
    assert (differs.rule, differs.tried_version, differs.loaded_version) == (T1, new.version, old.version)
    assert differs.only_tried == {1, 2}
    assert differs.only_loaded == {3, 250_001}
    assert differs.both == 0
    (same,) = compared(dry_run([old], [report(world, old)]), dry_run([old], [report(world, old)]))
    assert (same.both, same.only_tried, same.only_loaded) == (2, frozenset(), frozenset())


def test_only_loaded_rules_that_find_something_else_are_run_again() -> None:
    loaded = (peers(2), VOICE)
    assert changed([peers(2)], loaded) == ()
    assert changed([peers(3), VOICE], loaded) == (peers(2),)
    assert changed([peers(3, rule="T9")], loaded) == ()


def test_no_day_is_an_empty_account() -> None:
    tried = dry_run([], [])
    assert (tried.records, tried.all_cards, tried.days) == (0, frozenset(), ())
