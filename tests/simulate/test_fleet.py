import pytest

from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.errors import InvalidError
from tallyward.simulate.fleet import Fleet, build_fleet
from tests.simulate.conftest import DAY


def test_spans_cover_the_fleet(fleet: Fleet) -> None:
    spans = list(fleet.spans(2_500))
    assert spans == [(1, 2_500), (2_501, 5_000), (5_001, 6_000)]


def test_fewer_terminals_than_cards_that_left_theirs_are_refused() -> None:
    with pytest.raises(InvalidError) as refusal:
        build_fleet(cards=1_000, terminals=3, seed=1, day=DAY)
    assert refusal.value.code == "simulate.too_few_terminals"
    for language in LANGUAGES:
        assert "3" in refusal.value.sentence(language)
        assert "8" in refusal.value.next_step(language)


@pytest.mark.parametrize(("cards", "terminals"), [(100, 10), (5_000, 40), (100_000, 150)])
def test_every_card_on_a_shared_device_has_a_terminal_it_left(cards: int, terminals: int) -> None:
    small = build_fleet(cards=cards, terminals=terminals, seed=1, day=DAY)
    assert small.cast.must_bind <= small.cellular <= terminals
    cards_of = small.numbered(small.cast.turns(0))
    assert cards_of.terminal.tolist() == list(range(small.cast.counts[0]))


def test_fewer_faults_leave_the_near_misses_as_they_are() -> None:
    many = build_fleet(cards=20_000, terminals=15_000, seed=1, day=DAY)
    few = build_fleet(cards=20_000, terminals=15_000, seed=1, day=DAY, fault_share=0.1)
    counts = [dict(zip((role.name for role in one.cast.roles), one.cast.counts, strict=True)) for one in (many, few)]
    assert [one["nearly_full"] for one in counts] == [120, 120]
    assert 1 <= counts[1]["no_name"] < counts[0]["no_name"] / 5
