"""Which files a look at a day reads: profiles, segments of the day, segments of the month so far. Pure."""

from collections.abc import Container
from datetime import date

from tallyward.detect.ports import BucketFiles, Records
from tallyward.records.model import Snapshot
from tallyward.registry.profile_schema import ProfileSnapshot


def files_of(
    records: Records,
    day: date,
    profiles: ProfileSnapshot,
    wanted: Container[int] | None = None,
    snapshot: Snapshot | None = None,
) -> tuple[BucketFiles, ...]:
    """The buckets of a day that have profiles or records, or those of them that are `wanted`."""
    today = snapshot or records.snapshot(day)
    earlier = [records.snapshot(one) for one in records.days() if _same_month_before(one, day)]
    buckets = sorted({*profiles.profiles, *today.buckets()})
    return tuple(
        BucketFiles(
            bucket,
            profiles.profiles.get(bucket),
            today.bucket(bucket),
            tuple(one.bucket(bucket) for one in earlier),
        )
        for bucket in buckets
        if wanted is None or bucket in wanted
    )


def _same_month_before(one: date, day: date) -> bool:
    return (one.year, one.month) == (day.year, day.month) and one < day
