"""The index tells the rows that hold a key and no others, reads a segment once, and keeps to its memory."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.clock import day_start
from tallyward.kernel.ids import SegmentId
from tallyward.records.directory_port import U64
from tallyward.records.key_index import KeyIndex, some_memory
from tallyward.records.model import UNKNOWN_BUCKET, SegmentRef

DAY = date(2026, 3, 1)


class Kept:
    """Segments that are nothing but their keys; `reads`: how often any was read."""

    def __init__(self) -> None:
        self._keys: dict[SegmentId, U64] = {}
        self.reads = 0

    def put(self, keys: U64, day: date = DAY, bucket: int = 0) -> SegmentRef:
        found = SegmentId(len(self._keys) + 1)
        self._keys[found] = np.sort(keys)
        times = (keys & np.uint64(0xFFFF_FFFF)).astype(np.int64)
        return SegmentRef(found, Path(), day, bucket, len(keys), int(times.min()), int(times.max()), "")

    def keys(self, segment: SegmentRef) -> U64:
        self.reads += 1
        return self._keys[segment.id]


def keys_of(cards: Iterable[int], seconds: Iterable[int], *, day: date = DAY) -> U64:
    card, second = np.array([*cards], np.uint64), np.array([*seconds], np.uint64)
    return np.sort(card << np.uint64(32) | (second + np.uint64(day_start(day))))


def drawn(seed: int, size: int, bucket: int = 0, day: date = DAY) -> U64:
    draw = np.random.default_rng(seed)
    return keys_of(draw.integers(0, 250_000, size) + 250_000 * bucket, draw.integers(0, 86_400, size), day=day)


def index_of(store: Kept, most: int | None = None) -> KeyIndex:
    return KeyIndex(store, most)  # type: ignore[arg-type]  # of a store it asks for keys alone


def seen(index: KeyIndex, segments: list[SegmentRef], keys: U64, bucket: int = 0) -> list[SegmentId]:
    """The segments in which the index finds keys."""
    return [one.segment.id for one in index.met(segments[0].day, bucket, segments, keys)[1]]


KEYS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(KEYS, max_size=12), KEYS, st.sampled_from([1 << 29, 20]))
def test_it_tells_the_rows_that_hold_a_key_and_no_others(
    pieces: list[list[tuple[int, int]]], asked: list[tuple[int, int]], most_rows: int
) -> None:
    store = Kept()
    index = KeyIndex(store, None, most_rows)  # type: ignore[arg-type]  # of a store it asks for keys alone
    segments: list[SegmentRef] = []
    wanted = keys_of(*zip(*asked, strict=True))
    for piece in pieces:
        segments.append(store.put(keys_of(*zip(*piece, strict=True))))
        mask, met = index.met(DAY, 0, segments, wanted)
        exact = {one.id: np.flatnonzero(np.isin(store.keys(one), wanted)).tolist() for one in segments}
        found = {one.segment.id: one.numbers.tolist() for one in met}
        if sum(map(len, pieces)) <= most_rows:
            assert found == {number: rows for number, rows in exact.items() if rows}
            assert (mask == np.isin(wanted, np.concatenate([store.keys(one) for one in segments]))).all()
        for number, rows in exact.items():
            assert set(rows) <= set(found.get(number, []))
        assert mask[np.isin(wanted, np.concatenate([store.keys(one) for one in segments]))].all()


def test_a_segment_is_read_once_however_often_is_asked() -> None:
    store = Kept()
    index = index_of(store)
    segments = [store.put(drawn(seed, 5_000)) for seed in range(40)]
    for seed in range(100, 110):
        index.met(DAY, 0, segments, drawn(seed, 5_000))
    assert store.reads == 40
    mask, met = index.met(DAY, 0, segments, drawn(7, 5_000))
    assert mask.all()
    assert next(one.numbers.tolist() for one in met if one.segment is segments[7]) == list(range(5_000))
    assert index.bytes == 40 * 5_000 * 8


@pytest.mark.parametrize("bucket", [0, 1, 3, UNKNOWN_BUCKET])
def test_the_first_and_the_last_card_and_second_of_a_bucket(bucket: int) -> None:
    store = Kept()
    cards = (0,) if bucket == UNKNOWN_BUCKET else (bucket * 250_000, (bucket + 1) * 250_000 - 1)
    keys = np.sort(np.concatenate([keys_of(cards, [second] * len(cards)) for second in (0, 1, 86_399)]))
    segment = store.put(keys, bucket=bucket)
    for at, key in enumerate(keys):
        mask, met = index_of(store).met(DAY, bucket, [segment], key.reshape(1))
        assert (mask.tolist(), met[0].numbers.tolist()) == ([True], [at])


def test_what_can_not_overlap_in_time_is_never_read() -> None:
    store = Kept()
    segments = [store.put(keys_of([1, 2], [hour * 3600, hour * 3600 + 9])) for hour in range(24)]
    assert seen(index_of(store), segments, keys_of([1], [5 * 3600])) == [segments[5].id]
    assert store.reads == 1
    assert index_of(store).met(DAY, 0, [], keys_of([1], [0]))[1] == []


def test_a_segment_that_is_gone_or_not_seen_yet_is_not_named() -> None:
    store = Kept()
    index = index_of(store)
    keys = drawn(1, 100)
    old, new = store.put(keys), store.put(keys)
    for segments in ([old, new], [old], [new]):
        assert seen(index, segments, keys) == [one.id for one in segments]


def test_after_compaction_the_keys_of_what_is_gone_go() -> None:
    store = Kept()
    index = index_of(store)
    many = [store.put(drawn(seed, 100)) for seed in range(200)]
    index.met(DAY, 0, many, drawn(0, 100))
    one = store.put(np.sort(np.concatenate([store.keys(each) for each in many])))
    assert seen(index, [one], drawn(3, 100)) == [one.id]
    assert index.bytes == 200 * 100 * 8


def test_memory_is_bounded_and_what_fits_stays() -> None:
    store = Kept()
    index = index_of(store, most=20 * 8_000)
    buckets = {number: [store.put(drawn(number, 1_000, number), bucket=number)] for number in range(40)}
    for _ in range(3):
        before = store.reads
        for number, segments in buckets.items():
            assert seen(index, segments, drawn(number, 1_000, number)[:5], number) == [segments[0].id]
            assert index.bytes <= 20 * 8_000
        again = store.reads - before
    assert again <= 22, "half of the buckets fit, and asked in turn they are not read again"


def test_another_day_makes_room_first() -> None:
    store = Kept()
    index = index_of(store, most=8_000)
    yesterday = date(2026, 2, 28)
    old = [store.put(drawn(1, 1_000, day=yesterday), yesterday)]
    new = [store.put(drawn(2, 1_000))]
    index.met(yesterday, 0, old, drawn(1, 1_000, day=yesterday))
    index.met(DAY, 0, new, drawn(2, 1_000))
    index.met(DAY, 0, new, drawn(2, 1_000))
    assert store.reads == 2


def test_a_store_of_any_size_gets_some_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", lambda name: 4096 if name == "SC_PAGE_SIZE" else 1 << 20)
    assert some_memory() == 256 << 20
    monkeypatch.setattr("os.sysconf", lambda _: 1)
    assert some_memory() == 64 << 20
