from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.rule import Rule
from tests.detect.world import DAY, World


def test_a_finding_says_observed_limit_origin_and_both_languages(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1, day_bytes=100, own_limits=1), times=3, up=50, dn=0)
    world.use(world.card(2, day_bytes=100, own_limits=0), times=3, up=50, dn=0)
    own, of_class = world.scan(rules).run(DAY).findings
    assert (own.rule, own.card, own.records) == ("R6", 1, 3)
    (measure,) = own.measures
    assert measure.origin is LimitOrigin.CARD
    assert of_class.measures[0].origin is LimitOrigin.CLASS
    assert "150" in measure.observed
    assert "100" in measure.limit
    for words in own.explanation.values():
        assert words.why
        assert words.normal
        assert "{" not in words.why + words.normal
    assert own.explanation["en"].why != own.explanation["zh-CN"].why


def test_a_rules_own_limit_is_told_as_the_rules(world: World, rules: tuple[Rule, ...]) -> None:
    card = world.card(1, fixed=1)
    for cell in (1, 2, 3):
        world.use(card, cell=cell)
    for cell in (6001, 6002, 6003):
        world.places[cell] = (30.0, 110.0)
        world.use(card, cell=cell)
    (finding,) = [one for one in world.scan(rules).run(DAY).findings if one.rule == "R5"]
    assert finding.measures[0].origin is LimitOrigin.RULE
    assert (finding.measures[0].observed, finding.measures[0].limit) == ("6", "4")


def test_evidence_is_of_the_card_and_of_the_fault(world: World, rules: tuple[Rule, ...]) -> None:
    card = world.card(1, voice_mode=0)
    world.use(card, times=4)
    world.use(card, svc=2, times=2)
    (finding,) = world.scan(rules).run(DAY).findings
    assert [record.svc for record in finding.evidence] == [2, 2]
    assert finding.records == 2
