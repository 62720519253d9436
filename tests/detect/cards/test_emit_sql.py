import duckdb
import pytest

from tallyward.detect.cards import emit_sql, logic
from tallyward.detect.cards.exact_count import BareNames
from tests.detect.rule_making import fault, make_rule


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("up BETWEEN 1 AND 3", {"up": 3}, True),
        ("up BETWEEN 1 AND 3", {"up": 4}, False),
        ("NOT (up > 1 AND dn > 1)", {"up": 2, "dn": 1}, True),
        ("svc IN ('sms', 'voice')", {"svc": 2}, True),
        ("svc IN ('sms', 'voice')", {"svc": 0}, False),
        ("up * 2 - dn > 3", {"up": 3, "dn": 1}, True),
        ("absent(imei)", {"imei": 0}, True),
        ("imei = 7", {"imei": 7}, True),
    ],
)
def test_the_engine_says_what_the_condition_means(text: str, row: dict[str, int], expected: bool) -> None:
    one = make_rule(fault(record=text)).faults[0]
    sql = emit_sql.predicate(logic.settled(one.record, one.missing), BareNames())
    given = ", ".join(f"{row.get(name, 0)} AS {name}" for name in ("up", "dn", "svc", "imei"))
    with duckdb.connect() as engine:
        assert engine.execute(f"SELECT {sql} FROM (SELECT {given})").fetchall() == [(expected,)]


def test_joints_of_nothing_and_of_certainty_are_short() -> None:
    assert emit_sql.all_of([]) == "TRUE"
    assert emit_sql.any_of([]) == "FALSE"
    assert emit_sql.all_of(["TRUE", "x"]) == "x"
    assert emit_sql.any_of(["FALSE", "x"]) == "x"
    assert emit_sql.any_of(["TRUE", "x"]) == "TRUE"


def test_no_number_can_break_out_of_its_place() -> None:
    assert "35" in emit_sql.in_numbers("area", [35, 36])
    assert emit_sql.in_numbers("area", []) == "FALSE"
