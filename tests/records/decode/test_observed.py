from tallyward.records.decode.observed import OBSERVED
from tallyward.records.schema import USAGE


def test_what_is_carried_over_has_the_same_type_in_both_schemas() -> None:
    shared = set(OBSERVED.names) & set(USAGE.names) - {"cell"}
    assert {"ts", "dur", "svc", "imei", "peer", "up", "dn", "plmn", "rat", "quality"} == shared
    assert all(OBSERVED.field(name).type == USAGE.field(name).type for name in shared)
