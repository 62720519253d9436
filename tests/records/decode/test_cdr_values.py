import numpy as np
import pytest

from tallyward.records.decode.cdr_kinds import Field
from tests.records.decode.cdr_writer import KIND, leaf, number, pgw, record, stamp, tbcd
from tests.records.decode.lockstep_making import values_of
from tests.records.making import DAY_TS

PGW, CALL = KIND["PGWRecord"], KIND["MOCallRecord"]


def test_digits_of_all_lengths() -> None:
    said = ["460001", "4600012", "46000123456789", "460001234567890"]
    values = values_of(PGW, [pgw(imsi=one) for one in said])
    assert values.digits(Field.IMSI, 6).tolist() == [int(one) for one in said]
    assert values.sure.all()


@pytest.mark.parametrize("imsi", ["46000", "4600012345678901", "46000a234567890", "000000000", "46000123456789ff"])
def test_digits_that_are_none_or_too_few_or_many(imsi: str) -> None:
    values = values_of(PGW, [pgw(imsi=imsi), pgw()])
    values.digits(Field.IMSI, 6)
    assert values.sure.tolist() == [False, True]


def test_digits_behind_a_type_of_number() -> None:
    values = values_of(PGW, [pgw(), pgw(msisdn=None), record(PGW, leaf(22, b"\x11\x81" + tbcd("8614412345678")))])
    assert values.digits(Field.MSISDN, 7, skip=1).tolist()[:2] == [8614412345678, 0]
    assert values.sure.tolist() == [True, True, False]


def test_a_number_without_content_at_the_very_end_of_a_file() -> None:
    values = values_of(PGW, [pgw(), record(PGW, leaf(22, b""))])
    values.digits(Field.MSISDN, 7, skip=1)
    values.times()
    assert values.sure.tolist() == [True, False]


def test_the_first_fourteen_digits_name_a_terminal() -> None:
    said = ["8601234567890120", "860123456789012", "86012345678901", None]
    values = values_of(PGW, [pgw(imei=one) for one in said])
    assert values.imei_bodies().tolist() == [86012345678901] * 3 + [0]
    assert values.sure.all()
    short = values_of(PGW, [pgw(imei="8601234567890"), pgw(imei="f" * 16)])
    short.imei_bodies()
    assert not short.sure.any()


def test_a_call_begins_with_its_answer_else_its_seizure_else_its_release() -> None:
    times = {22: stamp("260301075950"), 23: stamp(), 24: stamp("260301080100")}
    sets = [(22, 23, 24), (22, 24), (24,), ()]
    values = values_of(CALL, [record(CALL, *(leaf(tag, times[tag]) for tag in tags)) for tags in sets])
    assert values.times()[:3].tolist() == [DAY_TS, DAY_TS - 10, DAY_TS + 60]
    assert values.sure.tolist() == [True, True, True, False]


def test_amounts_by_service_count_where_they_are_alone() -> None:
    values = values_of(PGW, [pgw(by_service=[(9, 9)]), pgw(volumes=(), by_service=[(5, 6), (7, 8)]), pgw(volumes=())])
    up, down = values.volumes()
    assert (up.tolist(), down.tolist()) == ([100, 12, 0], [200, 14, 0])
    assert values.sure.all()


def test_numbers_and_their_digits() -> None:
    values = values_of(CALL, [record(CALL, leaf(5, number(one))) for one in ("123", "1" * 15, "1" * 16, "1" * 18)])
    start, length, there = values.there(Field.NUMBER)
    found, count = values.tbcd(start + 1, length - 1)
    assert there.all()
    assert found[:3].tolist() == [123, int("1" * 15), int("1" * 16)]
    assert count.tolist() == [3, 15, 16, 0]
    assert np.array_equal(values.number(Field.DURATION), np.zeros(4, np.uint64))
