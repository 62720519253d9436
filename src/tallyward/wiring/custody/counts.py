"""The members' own counts of their stock, as the ledger's entries report them: the last of each member."""

from collections.abc import Callable, Iterable, Iterator

from tallyward.custody.entry import parse_entry
from tallyward.custody.ledger_breaks import StockCount, holdings
from tallyward.custody.reports import StockReport
from tallyward.custody.state import State


class StockCounts:
    """Remembers how far it has read: each entry is read once."""

    def __init__(self) -> None:
        self._read = 0
        self._last: dict[str, tuple[int, StockReport]] = {}

    def read(self, entries: Callable[[int], Iterable[tuple[int, bytes]]]) -> None:
        """Take up what has come since; `entries(begin)` gives (number, entry) from `begin` on."""
        for number, data in entries(self._read):
            one = parse_entry(data).transaction
            if isinstance(one, StockReport):
                self._last[one.by] = number, one
            self._read = number + 1

    def entries(self) -> dict[str, int]:
        """The entry of each member's last report."""
        return {member: number for member, (number, _) in self._last.items()}

    def differing(self, state: State) -> Iterator[StockCount]:
        """The counts of members whose last report differed; lots that a report does not name count as empty."""
        for member, (number, report) in sorted(self._last.items()):
            row = state.stock.get(member.encode())
            if row is None or not (row.missing or row.surplus):
                continue
            counted = dict(report.stock)
            held = {lot for who, lot in holdings(state, number) if who == member}
            for lot in sorted(held | counted.keys()):
                yield StockCount(member, lot, counted.get(lot, 0), number)
