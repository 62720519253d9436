"""One root over all tables: any row changes it, and only rows do."""

from tallyward.custody.report_rows import DestroyedRow
from tallyward.custody.spans import Move
from tallyward.custody.state import Change, KeyRow, LotRow, MemberRow, State, Table
from tallyward.custody.states import CardState


def with_a_lot() -> State:
    """One member and one lot."""
    state = State()
    change = Change().put("members", b"OP", MemberRow(0, "OP", "operator", "Operator", 0))
    state.take(change, 0)
    change = Change()
    change.lot = LotRow(0, "LOT", "OP", 10, bytes(32), "NB-IoT", "rules")
    state.take(change, 1)
    return state


def test_equal_changes_give_equal_roots() -> None:
    assert with_a_lot().root() == with_a_lot().root()


def test_each_kind_of_change_shows_in_the_root() -> None:
    seen = {with_a_lot().root()}
    changes = [
        Change().put("destroyed", b"p" * 12, DestroyedRow("OP", bytes(32))),
        Change().put("keys", b"k" * 8, KeyRow("OP", bytes(32), 1, 0)),
        Change().put("members", b"OP", MemberRow(0, "OP", "operator", "Operator", 1)),
        Change(Move(0, 3, 4, 0, CardState.LOST, 0)),
    ]
    turned = Change()
    turned.turns = 1
    for change in [*changes, turned]:
        state = with_a_lot()
        state.take(change, 2)
        seen.add(state.root())
    assert len(seen) == 6


def test_a_row_that_comes_and_goes_leaves_no_trace() -> None:
    state = with_a_lot()
    before = state.root()
    state.take(Change().put("destroyed", b"p" * 12, DestroyedRow("OP", bytes(32))), 2)
    assert state.root() != before
    state.take(Change().put("destroyed", b"p" * 12, None), 3)
    assert state.root() == before


def test_rows_in_bytes_have_the_root_of_the_rows() -> None:
    state = with_a_lot()
    for name in ("members", "lots"):
        table, other = getattr(state, name), Table[MemberRow]()
        assert other.root() != table.root()
        other.stand_for(dict(table.packed()))
        assert (other.root(), other.rows) == (table.root(), {})
