"""Counts that are kept along with the tables so that nobody has to search them. None is in the root. Pure.

Each can be counted again from tables and spans, which is why a root over those is enough.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from tallyward.custody.report_rows import NOBODY, ApprovalRow, OrderRow
from tallyward.custody.spans import Move, Span
from tallyward.custody.states import STOCK, CardState

_PERSON = len(NOBODY)
_IN_STOCK = [state in STOCK for state in CardState]


class Tallies:
    """What is counted; members by their number.

    `persons`: cards by token, from approval until they end. `stock`: a holder's cards by lot, `held`: of all lots.
    `coming`: cards offered to a buyer. `orders`: open orders by lot.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        self.persons: Counter[bytes] = Counter()
        self.stock: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.held: Counter[int] = Counter()
        self.coming: Counter[str] = Counter()
        self.orders: defaultdict[int, dict[bytes, None]] = defaultdict(dict)

    @classmethod
    def counted(
        cls,
        standing: Iterable[Span],
        offered: Iterable[tuple[str, int]],
        approvals: Iterable[ApprovalRow],
        orders: Mapping[bytes, OrderRow],
    ) -> "Tallies":
        """Everything counted again. `offered`: (buyer, cards) of each offer in flight."""
        found = cls()
        lying: defaultdict[tuple[int, int], int] = defaultdict(int)
        for span in standing:
            if _IN_STOCK[span.state]:
                lying[span.lot, span.holder] += span.end - span.start
        for (lot, holder), count in lying.items():
            found.opened(lot, holder, count)
        for buyer, cards in offered:
            found.coming[buyer] += cards
        for approval in approvals:
            found.persons.update(tokens(approval.persons))
        del found.persons[NOBODY]
        for key, order in orders.items():
            found.ordered(key, None, order)
        return found

    def opened(self, lot: int, holder: int, cards: int) -> None:
        """A lot begins."""
        self.stock[holder][lot] += cards
        self.held[holder] += cards

    def moved(self, before: Span, move: Move) -> None:
        """Cards moved."""
        out, into = before.state in STOCK, move.state in STOCK
        if out and into and before.holder == move.holder:
            return
        cards = move.end - move.start
        if out:
            self.opened(move.lot, before.holder, -cards)
            if not self.stock[before.holder][move.lot]:
                del self.stock[before.holder][move.lot]
        if into:
            self.opened(move.lot, move.holder, cards)

    def approved(self, old: ApprovalRow | None, new: ApprovalRow | None) -> None:
        """Persons have cards, or have them no more."""
        before = tokens(old.persons) if old else []
        after = tokens(new.persons) if new else [NOBODY] * len(before)
        if old is None:
            self.persons.update(after)
            return
        for was, now in zip(before, after, strict=True):
            if was != now:
                self.persons[was] -= 1
                if not self.persons[was]:
                    del self.persons[was]

    def ordered(self, key: bytes, old: OrderRow | None, new: OrderRow | None) -> None:
        """An order waits for cards of some lots, or does not any more."""
        was = {part[0] for part in old.parts} if old else set()
        now = {part[0] for part in new.parts} if new else set()
        for lot in now - was:
            self.orders[lot][key] = None
        for lot in was - now:
            del self.orders[lot][key]


def tokens(persons: bytes) -> list[bytes]:
    """The tokens of persons that lie one behind the other."""
    return [persons[at : at + _PERSON] for at in range(0, len(persons), _PERSON)]
