import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import EnterpriseId
from tallyward.registry.block import Block, BlockReader, Numbered, References, Rows
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.report import MOST_PROBLEMS, Problems

KNOWN = Numbered(pa.array(["a", "b"]), np.array([11, 12]))


def block(columns: dict[str, list[str | None]]) -> Block:
    """A block of terminals; columns that are not given are empty."""
    rows = len(next(iter(columns.values())))
    texts = {
        column.name: pa.array(columns.get(column.name, [None] * rows), pa.string())
        for column in COLUMNS[Kind.TERMINALS]
    }
    return Block(texts, np.arange(2, rows + 2))


def reader(scope: Scope, **columns: list[str | None]) -> BlockReader:
    """Reads a block of terminals."""
    rows = len(next(iter(columns.values())))
    whole: dict[str, list[str | None]] = {
        "serial": [f"T-{row}" for row in range(rows)],
        "usage": ["public"] * rows,
        "access": ["4g"] * rows,
    }
    return BlockReader(Kind.TERMINALS, block({**whole, **columns}), References(enterprises=KNOWN), scope)


def test_references_become_ids_and_unknown_ones_are_refused() -> None:
    reading = reader(EVERYTHING, enterprise=["b", "c", None, "a"])
    assert reading.refer("enterprise", KNOWN).to_pylist() == [12, None, None, 11]
    problems = Problems()
    rows = reading.good({"serial": reading.values["serial"]}, problems)
    assert rows.columns["serial"].to_pylist() == ["T-0", "T-3"]
    assert [(one.line, one.field, one.code) for one in problems.kept] == [
        (3, "enterprise", "registry.unknown_reference"),
        (4, "enterprise", "registry.cell_empty"),
    ]


def test_rows_outside_the_scope_are_refused() -> None:
    reading = reader(Scope(EnterpriseId(11)), enterprise=["a", "b"])
    reading.own("enterprise", reading.refer("enterprise", KNOWN))
    problems = Problems()
    reading.good({}, problems)
    assert [(one.line, one.code, one.value) for one in problems.kept] == [(3, "registry.not_yours", "b")]


def test_a_million_bad_rows_are_not_spelt_out() -> None:
    many = 5 * MOST_PROBLEMS
    problems = Problems()
    reader(EVERYTHING, enterprise=[None] * many).good({}, problems)
    assert (len(problems.kept), problems.rows) == (MOST_PROBLEMS, many)


def test_rows_are_taken_by_mask_and_by_position() -> None:
    rows = Rows({"x": pa.array([10, 11, 12])}, np.array([2, 3, 4]))
    assert rows.take(np.array([True, False, True])).columns["x"].to_pylist() == [10, 12]
    backwards = rows.take(np.array([2, 0]))
    assert (backwards.columns["x"].to_pylist(), backwards.lines.tolist(), len(backwards)) == ([12, 10], [4, 2], 2)


@given(st.lists(st.text(alphabet="ab0é", min_size=1, max_size=4), unique=True, min_size=1, max_size=30), st.data())
def test_many_codes_are_found_as_few_are(codes: list[str], data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.none() | st.sampled_from(codes) | st.text(alphabet="ab0é", max_size=5), max_size=30))
    known = Numbered(pa.array(codes), np.arange(len(codes)))
    values = pa.array(asked, pa.string())
    few = known.places(values).to_pylist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tallyward.registry.block._MANY", 0)
        assert known.places(values).to_pylist() == few
        assert known.places(values[1:]).to_pylist() == few[1:]
