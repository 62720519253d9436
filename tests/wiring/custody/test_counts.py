"""Counts of stock as entries report them."""

from collections.abc import Iterator

from tallyward.custody.fields import Part
from tallyward.custody.ledger_breaks import StockCount, stock_differences
from tallyward.custody.reports import StockReport
from tallyward.wiring.custody.counts import StockCounts
from tests.custody.chain import NOW, lot, new_machine, say, sell, signed


def test_the_last_report_of_each_member_counts_with_the_lots_it_leaves_out() -> None:
    machine = new_machine()
    sell(machine, "OP", "RES", Part("LOT", 0, 100, lot(machine)))
    sell(machine, "OP", "RES", Part("MORE", 0, 5, lot(machine, "MORE")))
    log: list[tuple[int, bytes]] = []
    asked = []

    def report(one: StockReport, at: int) -> int:
        number = say(machine, one, now=at)
        log.append((number, signed(machine.id, one)))
        return number

    def entries(begin: int) -> Iterator[tuple[int, bytes]]:
        asked.append(begin)
        return (row for row in log if row[0] >= begin)

    counts = StockCounts()
    report(StockReport("RES", NOW, (("LOT", 100), ("MORE", 5))), NOW)
    of_shop = report(StockReport("SHOP", NOW, (("LOT", 1),)), NOW)
    counts.read(entries)
    assert list(counts.differing(machine.state)) == [StockCount("SHOP", "LOT", 1, of_shop)]
    last = report(StockReport("RES", NOW + 1, (("LOT", 100),)), NOW + 1)
    counts.read(entries)
    assert asked == [0, of_shop + 1]
    assert counts.entries() == {"RES": last, "SHOP": of_shop}
    assert list(counts.differing(machine.state)) == [
        StockCount("RES", "LOT", 100, last),
        StockCount("RES", "MORE", 0, last),
        StockCount("SHOP", "LOT", 1, of_shop),
    ]
    sell(machine, "RES", "SHOP", Part("LOT", 0, 50, machine.state.spans.chain(0, 0)[0].cause))
    found = list(stock_differences(machine.state, list(counts.differing(machine.state))))
    assert [(one.last_holder, one.subject.name) for one in found] == [("RES", "MORE"), ("SHOP", "LOT")]
