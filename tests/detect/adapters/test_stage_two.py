from collections.abc import Callable

import pytest

from tallyward.detect.adapters.stage_two import Candidates, StageTwo
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import BucketAnswer
from tallyward.detect.service import ScanReport
from tallyward.registry.profile_schema import BUCKET_CARDS
from tests.detect.world import DAY, World


def day(world: World) -> World:
    for bucket in range(4):
        card = world.card(bucket * BUCKET_CARDS + 1, rn_active=0, voice_mode=0)
        world.use(card, svc=2)
        world.use(card, cell=1 << 31)
        world.use(world.card(bucket * BUCKET_CARDS + 2, imei_bound=0), imei=99)
        world.use(world.card(bucket * BUCKET_CARDS + 3, imei_bound=0), imei=99)
        world.use(bucket * BUCKET_CARDS + 4)
    return world


def test_candidates_of_all_buckets_are_judged_together(
    world: World, rules: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    tell = StageTwo.tell

    def telling(self: StageTwo, answer: BucketAnswer) -> None:
        sizes.append(len(self._waiting))
        tell(self, answer)

    monkeypatch.setattr(StageTwo, "tell", telling)
    day(world).scan(rules).run(DAY)
    assert sizes == [4]


def test_judged_in_many_turns_the_findings_are_the_same(
    new_world: Callable[[], World], rules: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(report: ScanReport) -> list[object]:
        return [(one.rule, one.subject, one.records, one.measures, one.explanation) for one in report.findings]

    together = told(day(new_world()).scan(rules).run(DAY))
    take = StageTwo.take

    def taking(self: StageTwo, given: Candidates, answer: BucketAnswer) -> None:
        self._most = 0
        take(self, given, answer)

    monkeypatch.setattr(StageTwo, "take", taking)
    assert told(day(new_world()).scan(rules).run(DAY)) == together
    rules_hit = {str(one[0]) for one in together}  # type: ignore[index] # the tuples above
    assert rules_hit == {"R1", "R4", "R7", "R0.unknown_card", "R0.unknown_cell"}


def test_nothing_waits_where_nothing_was_named(world: World, rules: tuple[Rule, ...]) -> None:
    world.use(world.card(1))
    report = world.scan(rules).run(DAY)
    assert (report.findings, report.candidates) == ((), 0)
