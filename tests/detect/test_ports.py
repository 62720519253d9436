from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal
from tallyward.detect.ports import BucketFiles, Records, Traversal
from tallyward.records.service import RecordsService


def test_the_records_room_gives_what_detection_asks() -> None:
    wanted = {name for name in vars(Records) if not name.startswith("_")}
    assert wanted == {"snapshot", "days", "peer_codes", "peer_text", "stranger_text", "cell_text"}
    assert all(callable(getattr(RecordsService, name)) for name in wanted)


def test_the_engine_is_a_traversal() -> None:
    engine: Traversal = DuckDbTraversal()
    assert callable(engine.open)


def test_a_bucket_may_have_no_profiles_and_no_earlier_days() -> None:
    assert BucketFiles(3, None, ()).earlier == ()
