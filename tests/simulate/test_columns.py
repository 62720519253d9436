from tallyward.records.schema import Service
from tallyward.registry.profile_schema import LIMIT_FIELDS
from tallyward.simulate import columns


def test_rows_of_limits_stand_in_the_order_of_the_profile() -> None:
    names = ("DAY_BYTES", "MONTH_BYTES", "MAX_PEERS", "MAX_CELLS", "MAX_IMEIS")
    assert [LIMIT_FIELDS[getattr(columns, name)] for name in names] == [name.lower() for name in names]


def test_rows_of_services_are_the_services_of_records() -> None:
    assert (columns.DATA, columns.SMS, columns.VOICE) == (Service.DATA, Service.SMS, Service.VOICE)
