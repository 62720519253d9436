from typing import Final

import pyarrow as pa
import pytest

from tallyward.detect.cards.vocabulary import (
    LIMIT_BITS,
    PROFILE_COLUMNS,
    RECORD_COLUMNS,
    WORDS,
    Home,
    Kind,
    limit_column,
    nearest,
)
from tallyward.records.schema import USAGE, Service
from tallyward.registry.model import FunctionMode
from tallyward.registry.profile_schema import LIMIT_FIELDS, PROFILE

NOT_FOR_RULES: Final = {"card_id", "gx", "gy", "stranger", "src", "quality"}


def most_of(kind: pa.DataType) -> int:
    return int((1 << kind.bit_width) - 1)


def test_record_columns_are_those_of_the_store_with_their_widths() -> None:
    assert set(RECORD_COLUMNS) == set(USAGE.names) - NOT_FOR_RULES
    for name, column in RECORD_COLUMNS.items():
        assert (column.name, column.home) == (name, Home.RECORD)
        assert column.most == most_of(USAGE.field(name).type), name
        assert column.default is None


def test_profile_columns_and_limits_are_those_of_the_registry_with_their_widths() -> None:
    beside = {"card_id", "own_limits", "cadence", "card_class"}
    assert {*PROFILE_COLUMNS, *LIMIT_BITS} == set(PROFILE.names) - beside
    for name, column in PROFILE_COLUMNS.items():
        assert (column.name, column.home) == (name, Home.PROFILE)
        assert column.most == most_of(PROFILE.field(name).type), name
        assert column.origin is not None, name
    assert tuple(LIMIT_BITS) == LIMIT_FIELDS
    assert {name: PROFILE.field(name).type.bit_width for name in LIMIT_BITS} == LIMIT_BITS


def test_a_number_is_never_absent_and_a_name_of_something_may_be() -> None:
    columns = {**RECORD_COLUMNS, **PROFILE_COLUMNS}
    never = {Kind.NUMBER, Kind.FLAG, Kind.SERVICE, Kind.MODE}
    assert {name: column.absent for name, column in columns.items()} == {
        name: column.kind not in never for name, column in columns.items()
    }


def test_words_are_the_names_of_services_and_modes() -> None:
    assert WORDS[Kind.SERVICE]["voice"] == Service.VOICE
    assert WORDS[Kind.MODE] == {"none": FunctionMode.NONE, "directed": FunctionMode.DIRECTED, "open": FunctionMode.OPEN}
    assert len(WORDS[Kind.SERVICE]) == len(Service)


@pytest.mark.parametrize(
    ("name", "default", "most"),
    [("day_bytes", 5, 2**64 - 1), ("max_peers", 5, 2**32 - 1), ("far_km", 12.5, 13), ("many", 3, 4), ("nil", 0, 1)],
)
def test_a_limit_can_be_as_large_as_its_column_or_just_over_its_own_value(name: str, default: float, most: int) -> None:
    column = limit_column(name, default)
    assert (column.home, column.kind, column.default, column.most) == (Home.LIMIT, Kind.NUMBER, default, most)
    assert column.most >= default


@pytest.mark.parametrize(
    ("typed", "meant"), [("imie", "imei"), ("IMEI", "imei"), ("ime_bound", "imei_bound"), ("voicemode", "voice_mode")]
)
def test_the_nearest_name_is_offered(typed: str, meant: str) -> None:
    assert nearest(typed, [*RECORD_COLUMNS, *PROFILE_COLUMNS]) == meant


def test_where_nothing_is_near_all_names_are_offered_in_order() -> None:
    assert nearest("qqqqqq", ["b", "a"]) == "a, b"
    assert nearest("qqqqqq", []) == ""
