from dataclasses import replace
from pathlib import Path

import pytest

from tallyward.detect.adapters.card_days import CardDays
from tallyward.detect.cards.baseline import METRICS
from tallyward.detect.usual import Counts
from tallyward.kernel.errors import CorruptError, UnavailableError
from tests.detect.test_histogram import counted
from tests.detect.world import DAY, START, World


def count(world: World, bucket: int = 0) -> dict[int, Counts]:
    return CardDays().count(world.profile_snapshot().profiles.get(bucket), world.snapshot(DAY).bucket(bucket))


def hand_made(world: World) -> World:
    one, two, other = (world.card(card, card_class=number) for card, number in ((1, 7), (2, 7), (3, 9)))
    world.use(one, up=100, dn=2**32 - 1, peer=5, cell=1, ts=START)
    world.use(one, up=0, dn=0, peer=0, cell=0, ts=START + 3599)  # no peer, no cell, the same hour
    world.use(one, up=1, dn=1, peer=6, cell=1, ts=START + 86_399)
    world.use(two, up=0, dn=3, peer=6, cell=2, ts=START + 3600)
    world.use(other, times=4, up=1, dn=0, peer=6, cell=2, ts=START + 7200)
    world.card(4, card_class=7)  # has no record: no card-day
    return world


def test_a_small_day_is_counted_by_hand(world: World) -> None:
    found = count(hand_made(world))
    assert set(found) == {7, 9}
    values = {"bytes": [2**32 + 101, 3], "peers": [2, 1], "cells": [1, 1], "records": [3, 1], "hours": [2, 1]}
    assert {name: found[7].metrics[name] for name in METRICS} == {name: counted(own) for name, own in values.items()}
    assert found[7].hours.tolist() == [2, 1] + [0] * 21 + [1]
    assert found[9].metrics["records"] == counted([4])
    assert found[9].hours.tolist() == [0, 0, 4] + [0] * 21


def test_records_of_cards_without_profile_are_read_and_belong_to_no_class(world: World) -> None:
    hand_made(world)
    world.use(77, times=3)
    assert set(count(world)) == {7, 9}
    segments = world.snapshot(DAY).bucket(0)
    assert CardDays().count(None, segments) == {}


def test_segments_that_hold_other_records_than_the_manifest_says_are_refused(world: World) -> None:
    segments = hand_made(world).snapshot(DAY).bucket(0)
    changed = (replace(segments[0], rows=segments[0].rows + 1), *segments[1:])
    with pytest.raises(CorruptError) as caught:
        CardDays().count(None, changed)
    assert caught.value.code == "detect.records_differ"


def test_a_segment_that_is_gone_is_told(world: World, tmp_path: Path) -> None:
    segments = hand_made(world).snapshot(DAY).bucket(0)
    with pytest.raises(UnavailableError) as caught:
        CardDays().count(None, [replace(segments[0], path=tmp_path / "gone.parquet")])
    assert caught.value.code == "detect.engine"
