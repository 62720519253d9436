from tallyward.detect.files import files_of
from tallyward.records.model import UNKNOWN_BUCKET
from tests.detect.world import DAY, PLAIN_RECORD, World


def test_a_bucket_is_read_that_has_profiles_or_records(world: World) -> None:
    world.use(world.card(1))
    world.card(250_001)
    world.use(500_001)
    world.use(0)
    files = files_of(world, DAY, world.profile_snapshot())
    assert [(one.bucket, one.profile is not None, len(one.segments)) for one in files] == [
        (0, True, 1),
        (1, True, 0),
        (2, False, 1),
        (UNKNOWN_BUCKET, False, 1),
    ]
    assert [one.bucket for one in files_of(world, DAY, world.profile_snapshot(), {1})] == [1]


def test_earlier_days_are_those_of_the_same_month(world: World) -> None:
    world.use(world.card(1))
    world.earlier = [{**PLAIN_RECORD, "card_id": 1}]
    (files, *_) = files_of(world, DAY, world.profile_snapshot())
    assert [[one.day.isoformat() for one in day] for day in files.earlier] == [["2026-03-01"]]
