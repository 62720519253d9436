from tallyward.custody.machine import read
from tallyward.custody.reports import StockReport
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_counting import MISCOUNTS, count_stock, differences, rests
from tallyward.simulate.chain_faults import EVERY, FATES
from tallyward.simulate.chain_lots import Run as Slots
from tallyward.simulate.chain_pen import Pen
from tallyward.simulate.numbering import iccids
from tests.simulate.chain_run import Run

FATE = {fate.name: fate for fate in EVERY}
PATH = ("op-huaxun", "rs-jiahe", "ps-hubin")


def test_each_holder_but_the_operator_tells_its_stock_by_lot(chain: Chain) -> None:
    pen = Pen(chain.ledger, chain.keys, 700)
    runs = [
        Slots("B", 0, 5, PATH[:2], FATE["shelved"], 2),
        Slots("A", 0, 3, PATH[:2], FATE["counted_twice"], 2),
        Slots("A", 3, 7, PATH[:2], FATE["shelved"], 2),
        Slots("A", 7, 8, PATH, FATE["uncounted"], 2),
        Slots("A", 8, 9, PATH, FATE["kept_by_operator"], 2),
    ]
    count_stock(pen, runs)
    count_stock(pen, runs, MISCOUNTS)
    (block,) = pen.close(800)
    told = [read(data).transaction for data in block.entries]
    assert told == [
        StockReport("ps-hubin", 700, (("A", 1),)),
        StockReport("rs-jiahe", 700, (("A", 7), ("B", 5))),
        StockReport("ps-hubin", 700, (("A", 0),)),
        StockReport("rs-jiahe", 700, (("A", 10), ("B", 5))),
    ]


def test_the_ledger_notes_a_difference_in_the_last_reports_only(chain: Chain, ledger: Run) -> None:
    state = ledger.machine.state
    rows = {member.decode(): row for member, row in state.stock.rows.items()}
    differing = {name.split(" ")[0] for name in differences(chain.fleet, chain.fates)}
    assert {member for member, row in rows.items() if row.missing or row.surplus} == differing
    assert {member for member, row in rows.items() if row.differing} == differing
    assert max(row.reports for row in rows.values()) == 2


def test_differences_are_told_where_the_miscounted_cards_lie(chain: Chain, ledger: Run) -> None:
    numbers = [number for name in MISCOUNTS for number in iccids(chain.fates.having(name))]
    assert numbers
    found = {f"{ledger.holder(ledger.chain(number)[0])} {ledger.slots[number][0][0]}" for number in numbers}
    assert sorted(found) == differences(chain.fleet, chain.fates)


def test_what_rests_is_stock_on_the_ledger(chain: Chain, ledger: Run) -> None:
    stock = {"REGISTERED", "HELD", "OFFERED", "RETAIL", "ACT_REQUESTED", "RN_APPROVED"}
    for fate in FATES:
        for number in iccids(chain.fates.having(fate.name)) if fate.name != "unlisted" else []:
            assert (ledger.state(number) in stock) == rests(fate)
