from datetime import UTC, date, datetime
from pathlib import Path

from tallyward.kernel.ids import CardId, SegmentId, SourceId
from tallyward.records.model import UNKNOWN_BUCKET, QuarantineRow, SegmentRef, Snapshot, bucket_of


def segment(number: int, bucket: int) -> SegmentRef:
    return SegmentRef(SegmentId(number), Path(f"s{number}"), date(2026, 3, 1), bucket, 10, 1, 2, "00")


def test_a_snapshot_tells_its_buckets_the_unknown_one_last() -> None:
    snapshot = Snapshot(3, date(2026, 3, 1), (segment(1, UNKNOWN_BUCKET), segment(2, 4), segment(3, 4), segment(4, 0)))
    assert snapshot.buckets() == (0, 4, UNKNOWN_BUCKET)
    assert [ref.id for ref in snapshot.bucket(4)] == [2, 3]
    assert snapshot.bucket(1) == ()
    assert snapshot.rows == 40


def test_cards_lie_in_buckets_of_a_quarter_million() -> None:
    assert [bucket_of(CardId(card)) for card in (1, 249_999, 250_000, 0)] == [0, 0, 1, UNKNOWN_BUCKET]


def test_a_quarantine_row_speaks_both_languages_and_names_the_value() -> None:
    row = QuarantineRow(
        id=1,
        source=SourceId(1),
        intake=1,
        name="a.csv",
        record_index=4,
        offset=None,
        tag_path="",
        field="service",
        reason_code="records.service",
        detail="datum",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        sample_hex="",
    )
    assert row.sentence("en") == "'datum' is no service."
    assert "datum" in row.sentence("zh-CN")
    assert "voice" in row.next_step("en")
