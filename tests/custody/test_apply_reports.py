"""Stock, incidents, destroyed keys and credit are noted beside the cards, each once, by whom it is for."""

import pytest

from tallyward.custody.card_orders import Lose
from tallyward.custody.fields import Part
from tallyward.custody.report_rows import CreditRow, StockRow
from tallyward.custody.reports import CreditSet, Incident, KeyDestroyed, StockReport
from tallyward.custody.transactions import Offer
from tests.custody.chain import LATER, NOW, code, hash_of, lot, new_machine, say, sell

HASH = b"h" * 32


def test_a_stock_report_is_compared_with_what_the_ledger_says() -> None:
    machine = new_machine()
    event = sell(machine, "OP", "RES", Part("LOT", 0, 100, lot(machine)))
    lot(machine, "OTHER")
    say(machine, StockReport("RES", NOW, (("LOT", 100),)))
    assert machine.state.stock.rows[b"RES"] == StockRow(NOW, 100, 0, 0, 1, 0)
    offered = say(machine, Offer("RES", "SHOP", (Part("LOT", 0, 10, event),), LATER, None))
    say(machine, Lose("RES", (Part("LOT", 10, 15, event),), "stolen"))
    say(machine, StockReport("RES", NOW + 1, (("LOT", 98), ("OTHER", 7))), now=NOW + 1)
    assert machine.state.stock.rows[b"RES"] == StockRow(NOW + 1, 95, 0, 10, 2, 1)
    say(machine, StockReport("RES", NOW + 2, ()), now=NOW + 2)
    assert machine.state.stock.rows[b"RES"] == StockRow(NOW + 2, 95, 95, 0, 3, 2)
    assert offered


def test_stock_reports_that_are_refused() -> None:
    machine = new_machine()
    lot(machine)
    lot(machine, "B")
    assert code(machine, StockReport("RES", NOW + 1, ())) == "report_out_of_time"
    say(machine, StockReport("RES", NOW, ()))
    assert code(machine, StockReport("RES", NOW, ()), now=LATER) == "report_out_of_time"
    for stock in ((("LOT", 1), ("B", 1)), (("B", 1), ("B", 1))):
        assert code(machine, StockReport("RES", LATER, stock), now=LATER) == "malformed"
    assert code(machine, StockReport("RES", LATER, (("NONE", 1),)), now=LATER) == "lot_unknown"
    assert code(machine, StockReport("OP", NOW, ())) == "role_forbidden"


def test_an_incident_names_the_holder_of_that_time() -> None:
    machine = new_machine()
    event = sell(machine, "OP", "RES", Part("LOT", 0, 100, lot(machine)))
    sell(machine, "RES", "SHOP", Part("LOT", 0, 50, event))
    before = machine.state.spans.root()
    one = Incident("WATCH", (Part("LOT", 40, 60, event),), HASH, "voice.calls")
    say(machine, one)
    assert machine.state.spans.root() == before
    row = machine.state.incidents.rows[hash_of(machine, one)]
    reseller = machine.state.members.rows[b"RES"].number
    assert row.parts == ((0, 40, 50, reseller, event), (0, 50, 60, reseller, event))
    assert (row.by, row.rule, row.evidence) == ("WATCH", "voice.calls", HASH)
    assert code(machine, one) == "said_before"
    assert code(machine, Incident("WATCH", (Part("LOT", 0, 1, 999),), HASH, "x")) == "event_unknown"
    assert code(machine, Incident("WATCH", (Part("LOT", 0, 1001, 1),), HASH, "x")) == "span_invalid"
    assert code(machine, Incident("RES", (Part("LOT", 0, 1, 1),), HASH, "x")) == "role_forbidden"


def test_a_key_is_destroyed_once_by_its_owner_alone() -> None:
    machine = new_machine()
    say(machine, KeyDestroyed("RES", HASH))
    assert code(machine, KeyDestroyed("RES", HASH)) == "said_before"
    assert code(machine, KeyDestroyed("RES", b"k" * 32), "op") == "signature_invalid"
    say(machine, KeyDestroyed("SHOP", HASH))
    say(machine, KeyDestroyed("OP", HASH), "op-names")
    assert {(row.owner, row.key) for row in machine.state.destroyed.rows.values()} == {
        ("RES", HASH),
        ("SHOP", HASH),
        ("OP", HASH),
    }


def test_credit_is_set_by_monitors_and_governors_for_others_and_never_goes_back() -> None:
    machine = new_machine()
    for _ in range(5):
        machine.end_block(NOW)
    say(machine, CreditSet("WATCH", "RES", "B", 500, 3))
    assert machine.state.credit.rows[b"RES"] == CreditRow("B", 500, 3)
    say(machine, CreditSet("REG", "RES", "C", 50, 5))
    for height in (5, 4, 6):
        assert code(machine, CreditSet("WATCH", "RES", "A", 500, height)) == "credit_out_of_time"
    assert code(machine, CreditSet("OP", "OP", "A", 500, 3)) == "own_credit"
    assert code(machine, CreditSet("RES", "SHOP", "A", 500, 3)) == "role_forbidden"
    assert code(machine, CreditSet("WATCH", "NOBODY", "A", 500, 3)) == "member_unknown"


@pytest.mark.parametrize("grade", ["F", "AB", "a", "ABCDE"])
def test_there_are_five_grades(grade: str) -> None:
    assert code(new_machine(), CreditSet("WATCH", "RES", grade, 500, 0)) == "grade_unknown"
