from tallyward.registry.model import UsageLimits
from tallyward.registry.profile_schema import AREAS, CELLS, LIMIT_FIELDS, LIST_ENTRIES, PROFILE


def test_limits_are_those_that_cards_and_classes_set() -> None:
    assert set(LIMIT_FIELDS) == set(UsageLimits.__dataclass_fields__)
    assert 2 ** len(LIMIT_FIELDS) <= 2**8  # own_limits has a bit for each


def test_only_limits_may_be_missing() -> None:
    assert {field.name for field in PROFILE if field.nullable} == set(LIMIT_FIELDS)
    assert not [field.name for schema in (LIST_ENTRIES, AREAS, CELLS) for field in schema if field.nullable]


def test_no_text_on_the_hot_path() -> None:
    assert all(field.type.bit_width <= 64 for field in PROFILE)
