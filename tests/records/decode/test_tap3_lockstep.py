"""GPRS calls walked together, beside the same calls read one by one."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.decode import tap3
from tallyward.records.decode.ber_walk import Element, Walk
from tallyward.records.decode.cdr_lockstep import Octets
from tallyward.records.decode.issues import FieldError, Issue, Issues, RefusalError
from tallyward.records.decode.observed import observed_rows
from tallyward.records.decode.tap3_event import Batch, Fields, read_event
from tallyward.records.decode.tap3_lockstep import gprs_calls
from tallyward.records.decode.tap3_tags import Tag
from tests.records.decode.tap_writer import batch, bcd, gprs, leaf, location, node, stamp

BATCH = Batch("CHNCM", "460-00", {1: 8 * 3600, 2: -(3 * 3600 + 1800)})
START = stamp(Tag.CallEventStartTimeStamp)
SUBSCRIBER = leaf(Tag.Imsi, bcd("460001234567890"))
APN = leaf(Tag.AccessPointNameNI, "iot.apn")


def call(*fields: bytes) -> bytes:
    return node(Tag.GprsCall, *fields)


def together(calls: list[bytes], of: Batch = BATCH) -> tuple[list[dict[str, object]], list[bool]]:
    data = b"".join(calls)
    walk, at, spans = Walk(data), 0, []
    while at < len(data):
        element = walk.element(at, len(data))
        spans.append((element.start, element.end))
        at = element.after
    start, end = np.array(spans, np.int64).T
    rows = gprs_calls(Octets(data), start, end, of)
    return rows.table.to_pylist(), rows.sure.tolist()


def alone(data: bytes, of: Batch = BATCH) -> dict[str, object] | None:
    walk = Walk(data)
    try:
        row: dict[str, object] = observed_rows(
            [read_event(Fields(walk, walk.element(0, len(data)), 2), of)]
        ).to_pylist()[0]
    except (FieldError, RefusalError):
        return None
    return row


NESTED = node(Tag.CallOriginator, SUBSCRIBER, node(Tag.Destination, APN, START))
USUAL = [
    gprs(),
    gprs(imsi="46000123", apn="Another.APN"),
    gprs(start=stamp(Tag.CallEventStartTimeStamp, "19991231235959", 2)),
    call(NESTED, node(Tag.CallOriginator)),
    call(SUBSCRIBER, APN, START, leaf(Tag.Imsi, bcd("460009999999999")), leaf(Tag.TotalCallEventDuration, 2**33)),
    call(leaf(Tag.Msisdn, bcd("8614412345678")), APN, START, location(2**24 - 1, 2**36 - 1)),
    call(SUBSCRIBER, APN, START, leaf(Tag.Imei, bcd("86012345678901")), leaf(Tag.LocationArea, 5)),
    call(
        SUBSCRIBER,
        APN,
        START,
        leaf(Tag.DataVolumeIncoming, 2**40),
        node(Tag.SupplServiceUsed, leaf(Tag.Sender, "x" * 300)),
    ),
]
UNUSUAL = [
    call(APN, START),
    call(SUBSCRIBER, START),
    call(SUBSCRIBER, APN),
    call(leaf(Tag.Imsi, bcd("4600")), APN, START),
    call(leaf(Tag.Imsi, b"\x46\x0a\x01\x23\x45"), APN, START),
    call(node(Tag.Imsi, SUBSCRIBER), APN, START),
    call(SUBSCRIBER, leaf(Tag.AccessPointNameNI, "no apn"), START),
    call(SUBSCRIBER, APN, stamp(Tag.CallEventStartTimeStamp, "20260231000000")),
    call(SUBSCRIBER, APN, stamp(Tag.CallEventStartTimeStamp, "2026030108000")),
    call(SUBSCRIBER, APN, stamp(Tag.CallEventStartTimeStamp, "2026030108:000")),
    call(SUBSCRIBER, APN, stamp(Tag.CallEventStartTimeStamp, "19690101000000")),
    call(SUBSCRIBER, APN, stamp(Tag.CallEventStartTimeStamp, code=9)),
    call(SUBSCRIBER, APN, node(Tag.CallEventStartTimeStamp)),
    call(SUBSCRIBER, APN, START, START),
    call(SUBSCRIBER, APN, START, leaf(Tag.DataVolumeIncoming, -1)),
    call(SUBSCRIBER, APN, START, leaf(Tag.Imei, bcd("8601234567890"))),
    call(SUBSCRIBER, APN, START, location(2**24, 1)),
    call(SUBSCRIBER, APN, START, node(Tag.Destination, leaf(Tag.Sender, "x"), indefinite=True)),
    call(SUBSCRIBER, APN, START, b"\x7f\x59\x05" + leaf(Tag.Sender, "xx")[:-1]),
    call(SUBSCRIBER, APN, START, b"\x1f\0\0"),
    call(SUBSCRIBER, APN, START, leaf(Tag.Sender, "x") * 300),
]


@pytest.mark.parametrize("data", USUAL)
@pytest.mark.parametrize("of", [BATCH, Batch("XXX", "", {1: 0, 2: 5})])
def test_usual_calls_are_read_as_the_plain_walk_reads_them(data: bytes, of: Batch) -> None:
    rows, sure = together([data, gprs()], of)
    assert all(sure)
    assert rows == [alone(data, of), alone(gprs(), of)]


@pytest.mark.parametrize("data", UNUSUAL)
def test_unusual_calls_are_not_guessed_at(data: bytes) -> None:
    rows, sure = together([gprs(), data, gprs()])
    assert sure == [True, False, True]
    assert rows == [alone(gprs())] * 2


def both_ways(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[Issue]] | str]:
    found: list[tuple[list[str], list[Issue]] | str] = []
    for few in (1, 1 << 40):
        monkeypatch.setattr(tap3, "_FEW", few)
        issues = Issues()
        try:
            rows = [str(row) for part in tap3.read_tap3(data, {}, issues) for row in part.rows.to_pylist()]
            found.append((sorted(rows), issues.kept))
        except RefusalError as error:
            found.append(error.code)
    return found


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=8))
def test_both_say_the_same_of_any_octets(seed: int, flips: list[tuple[float, int]]) -> None:
    rng = random.Random(seed)
    data = bytearray(batch(*(rng.choice([*USUAL, *UNUSUAL[:12]]) for _ in range(rng.randrange(1, 12)))))
    for place, mask in flips:
        data[int(place * (len(data) - 1))] ^= mask
    with pytest.MonkeyPatch.context() as patch:
        one, other = both_ways(bytes(data), patch)
    assert one == other


def test_a_batch_of_calls_is_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    data = batch(*[gprs()] * 100, call(APN, START), *[gprs()] * 100)

    def none_alone(_walk: Walk, _event: Element, _batch: Batch) -> None:
        raise FieldError("records.tap_event_kind", "X")

    monkeypatch.setattr(tap3, "_event", none_alone)
    issues = Issues()
    assert sum(part.rows.num_rows for part in tap3.read_tap3(data, {}, issues)) == 200
    assert [issue.record for issue in issues.kept] == [101]
