from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from tallyward.detect.adapters.baseline_files import BaselineFiles
from tallyward.detect.adapters.card_days import CardDays
from tallyward.detect.baselines import ClassBaselines
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import CorruptError, NotFoundError, TallywardError
from tallyward.registry.profile_schema import BUCKET_CARDS
from tests.detect.rule_making import fault, make_rule
from tests.detect.world import DAY, World

NEXT_DAY = datetime(2026, 3, 10, 3, tzinfo=UTC)


@dataclass
class Stored:
    """Days without content; remembers which were read."""

    stored: tuple[date, ...]
    read: list[date] = field(default_factory=list)

    def days(self) -> tuple[date, ...]:
        return self.stored

    def snapshot(self, day: date) -> "Stored":
        self.read.append(day)
        return self

    def buckets(self) -> Iterable[int]:
        return ()


def service(world: World, clock: FixedClock | None = None, enough: int = 2) -> ClassBaselines:
    kept = BaselineFiles(world.folder / "baselines")
    return ClassBaselines(CardDays(), kept, world, world.profile_snapshot, clock or FixedClock(NEXT_DAY), enough)


def two_buckets(world: World) -> World:
    for card in (1, 2, BUCKET_CARDS + 1, BUCKET_CARDS + 2):
        world.card(card, card_class=3)
        for peer in range(1, 1 + card % BUCKET_CARDS * 3):
            world.use(card, peer=peer)
    return world


def test_buckets_are_added_up_and_the_result_is_kept(world: World) -> None:
    told: list[tuple[int, int]] = []
    baselines = service(two_buckets(world))
    version, made = baselines.compute(progress=lambda done, total: told.append((done, total)))
    (one,) = made.classes
    assert (one.card_class, one.card_days) == (3, 4)
    assert (one.values["peers_p50"], one.values["peers_p999"], one.values["records_p999"]) == (3, 6, 6)
    assert (made.days, made.computed_at) == ((DAY,), NEXT_DAY)
    assert told == [(1, 2), (2, 2)]
    assert baselines.newest() == (version, made)


def test_usually_the_last_seven_complete_days_are_counted(world: World) -> None:
    today = NEXT_DAY.date()
    stored = Stored(tuple(today - timedelta(days=ago) for ago in (0, 1, 3, 7, 8, 20)))
    baselines = service(world)
    baselines.records = stored  # type: ignore[assignment]
    assert baselines.compute()[1].days == tuple(today - timedelta(days=ago) for ago in (7, 3, 1))
    since, until = today - timedelta(days=20), today
    assert baselines.compute(since, until)[1].days == tuple(today - timedelta(days=ago) for ago in (20, 8, 7, 3, 1))
    assert today not in stored.read


@pytest.mark.parametrize(
    ("since", "until"), [(NEXT_DAY.date(), None), (date(2026, 3, 8), date(2026, 3, 8)), (None, date.min)]
)
def test_days_that_are_not_stored_or_not_over_are_refused(world: World, since: date, until: date) -> None:
    with pytest.raises(NotFoundError) as caught:
        service(two_buckets(world)).compute(since, until)
    assert caught.value.code == "detect.baselines_no_days"


def test_a_day_is_enough_for_one_daily_computation(world: World) -> None:
    clock = FixedClock(NEXT_DAY)
    baselines = service(two_buckets(world), clock)
    assert baselines.compute_daily()
    assert not baselines.compute_daily()
    clock.set(NEXT_DAY + timedelta(days=1))
    assert baselines.compute_daily()


def test_the_daily_computation_makes_a_damaged_file_anew(world: World) -> None:
    baselines = service(two_buckets(world))
    baselines.compute()
    (path,) = (world.folder / "baselines").iterdir()
    path.write_bytes(b"")
    again = service(world)
    with pytest.raises(CorruptError):
        again.newest()
    assert again.compute_daily()
    assert again.newest() is not None


def test_rules_go_by_the_last_good_ones_and_damage_is_told_once(world: World) -> None:
    told: list[TallywardError] = []
    baselines = service(two_buckets(world))
    baselines.tell = told.append
    baselines.compute()
    book = baselines.set_into(by_baseline())
    (path,) = (world.folder / "baselines").iterdir()
    path.write_bytes(b"")
    for _ in range(3):
        assert baselines.set_into(by_baseline()) == book
    assert [one.code for one in told] == ["detect.baselines_damaged"]
    assert baselines.damage() is not None
    baselines.compute()
    assert baselines.damage() is None
    assert len(told) == 1


def by_baseline() -> RuleBook:
    limits = {"max_peers": {"baseline": "peers_p50", "times": 1, "else": 64}}
    rule = make_rule(fault(card="count_distinct(peer) > max_peers", limit="max_peers"), limits=limits)
    return RuleBook((rule,), "book")


def test_a_scan_judges_by_the_baselines_of_its_class(world: World) -> None:
    two_buckets(world)
    baselines, book = service(world), by_baseline()
    before = world.scan(baselines.set_into(book).rules).run(DAY)
    assert before.findings == ()
    baselines.compute()
    findings = world.scan(baselines.set_into(book).rules).run(DAY).findings
    assert [(one.card, one.measures[0].limit) for one in findings] == [(2, "3"), (BUCKET_CARDS + 2, "3")]


def test_a_class_with_too_few_card_days_is_judged_by_the_rules_own_number(world: World) -> None:
    two_buckets(world)
    baselines = service(world, enough=5)
    baselines.compute()
    assert world.scan(baselines.set_into(by_baseline()).rules).run(DAY).findings == ()


def test_rules_without_such_limits_need_no_baselines(world: World, rules: tuple[Rule, ...]) -> None:
    baselines = service(two_buckets(world))
    baselines.compute()
    (path,) = (world.folder / "baselines").iterdir()
    path.write_bytes(b"")
    book = RuleBook(rules, "book")
    assert service(world).set_into(book) is book
    with pytest.raises(CorruptError):
        service(world).set_into(by_baseline())
