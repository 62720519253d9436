"""Sightings on DuckDB, equal to a look at each record."""

import random
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tallyward.detect.adapters.card_sightings import NOTHING, CardSightings, Sightings, joined
from tallyward.kernel.errors import CorruptError, UnavailableError
from tests.detect.world import DAY, START, World

Naive = dict[int, tuple[int, ...]]


Record = tuple[int, int, int, int]


def naive(records: list[Record]) -> Naive:
    """(card, time, device, area) -> by card: first, last, records, changes of device, first and last one, last area."""
    by_card: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for card, time, device, _ in sorted(records):
        by_card[card].append((time, device))
    placed = sorted((card, time, area) for card, time, _, area in records if area)
    areas = {card: area for card, _, area in placed}
    found: Naive = {}
    for card, seen in by_card.items():
        devices = [device for _, device in seen if device]
        changes = sum(one != other for one, other in pairwise(devices))
        ends = (devices[0], devices[-1]) if devices else (0, 0)
        found[card] = (seen[0][0], seen[-1][0], len(seen), changes, *ends, areas.get(card, 0))
    return found


def rows(seen: Sightings) -> Naive:
    return {int(card): tuple(map(int, rest)) for card, *rest in zip(*seen, strict=True)}


def made_up(seed: int, start: int, count: int = 300) -> list[Record]:
    chance = random.Random(seed)
    return [
        (
            chance.randrange(1, 30),
            start + chance.randrange(900),
            chance.choice([0, 5, 5, 6, 7]),
            chance.choice([0, 0, 1, 2, 65_535]),
        )
        for _ in range(count)
    ]


def of_day(world: World, records: list[Record]) -> Sightings:
    for card, time, device, area in records:
        world.use(card, ts=time, imei=device, area=area)
    return CardSightings().of(world.snapshot(DAY).bucket(0))


@pytest.mark.parametrize("seed", range(4))
def test_a_day_is_what_a_look_at_each_record_says(world: World, seed: int) -> None:
    records = made_up(seed, START)
    assert rows(of_day(world, records)) == naive(records)


@pytest.mark.parametrize("seed", range(4))
def test_two_days_are_joined_to_what_they_are_together(seed: int) -> None:
    days = [made_up(seed, START, 40), made_up(seed + 9, START + 86_400, 40)]
    parts = [
        Sightings(*np.array([[card, *rest] for card, rest in sorted(naive(day).items())], np.int64).T) for day in days
    ]
    assert rows(joined(*parts)) == naive([*days[0], *days[1]])
    assert rows(joined(NOTHING, parts[0])) == rows(joined(parts[0], NOTHING)) == naive(days[0])


def test_other_records_than_the_manifest_says_and_no_file_are_refused(world: World) -> None:
    of_day(world, [(1, START, 5, 0)])
    segments = world.snapshot(DAY).bucket(0)
    with pytest.raises(CorruptError, match=r"detect\.records_differ"):
        CardSightings().of([replace(segments[0], rows=2)])
    segments[0].path.unlink()
    with pytest.raises(UnavailableError, match=r"detect\.engine"):
        CardSightings().of(segments[:1])
