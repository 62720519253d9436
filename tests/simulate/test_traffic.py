import dataclasses

import numpy as np

from tallyward.kernel.clock import SECONDS_PER_DAY, day_start
from tallyward.simulate.columns import DATA, NO_CELL, SMS, VOICE, Cards, Days, Records
from tallyward.simulate.fleet import Fleet
from tests.simulate.conftest import DAY


def test_blocks_give_the_same_records_as_the_whole(fleet: Fleet, cards: Cards, records: Records) -> None:
    cut = 2_345
    parts = [fleet.block(1, cut), fleet.block(cut + 1, fleet.cards)]
    for one in dataclasses.fields(Records):
        if one.name not in {"first", "card"}:
            joined = np.concatenate([getattr(part, one.name) for _, part in parts])
            assert np.array_equal(joined, getattr(records, one.name)), one.name
    numbers = np.concatenate([made.number[part.card] for made, part in parts])
    assert np.array_equal(numbers, cards.number[records.card])


def test_volumes_add_up_to_the_byte(fleet: Fleet, cards: Cards, days: Days, records: Records) -> None:
    spent = np.bincount(records.card, weights=(records.up + records.down).astype(float), minlength=len(cards))
    saturated = [number for number, role in enumerate(fleet.cast.roles) if role.name == "saturated"]
    told = (days.records[DATA] > 0) & ~np.isin(cards.role, saturated)
    assert np.array_equal(spent[told].astype(np.int64), days.volume[told])


def test_all_records_are_of_the_day_and_some_at_midnight(records: Records) -> None:
    start = day_start(DAY)
    assert records.time.min() == start
    assert records.time.max() == start + SECONDS_PER_DAY - 1


def test_days_have_a_rhythm(records: Records) -> None:
    hours = np.bincount((records.time + 8 * 3600) % SECONDS_PER_DAY // 3600, minlength=24)
    assert hours.max() > 2 * hours.min()


def test_the_first_record_of_a_card_says_everything(records: Records) -> None:
    first = records.step == 0
    assert (records.imei[first] > 0).all()
    assert (records.peer[first] > 0).all()
    assert (records.cell[first] != NO_CELL).all()


def test_some_records_lack_something(records: Records) -> None:
    sms = records.service == SMS
    assert 0.2 < (records.imei[sms] == 0).mean() < 0.9
    assert (records.cell == NO_CELL).any()
    assert (records.peer == 0).any()


def test_only_data_has_volume_and_only_sms_no_duration(records: Records) -> None:
    data = records.service == DATA
    assert not (records.up[~data] + records.down[~data]).any()
    assert (records.up >= 0).all()
    assert ((records.duration == 0) == (records.service == SMS)).all()
    assert (records.service == VOICE).any()
