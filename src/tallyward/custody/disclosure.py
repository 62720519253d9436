"""What a seller hands over with a sale, off the ledger: the numbers of exactly the cards sold, and the terms. Pure.

A buyer who has it checks every card against the root that the operator registered before it accepts. For that it needs
a seed tree's covering seeds and one proof for the whole run, not a path a card: a million cards take 40 seeds and 40
hashes beside their numbers. It can hand on any part of what it got, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tallyward.custody import sale_terms, salt_tree
from tallyward.custody.codec import Item, MalformedError, decode, encode
from tallyward.custody.envelope import MOST_BYTES
from tallyward.custody.fields import Part, data, digest, listed, row_of, rows, text, whole
from tallyward.custody.lots import Book, card_leaf
from tallyward.custody.range_proof import Run
from tallyward.custody.refusals import lot_of
from tallyward.custody.sale_terms import Terms
from tallyward.custody.salt_tree import Seed
from tallyward.custody.state import State
from tallyward.custody.transactions import Deal
from tallyward.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from tallyward.kernel.secret import Secret

MOST_CARDS: Final = 2_000_000
"""In one disclosure; a larger sale is made in several offers."""
_MOST_NUMBER, _DEEPEST = 32, 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cards `start` onwards of a lot of `count`, and what shows each of them."""

    lot: str
    count: int
    start: int
    numbers: Secret[Sequence[str]]
    seeds: Secret[list[Seed]]
    beside: tuple[bytes, ...]

    @property
    def end(self) -> int:
        """Before which slot it ends."""
        return self.start + len(self.numbers.reveal())

    def run(self) -> Run:
        """Its cards' leaves in the lot's tree."""
        salts = salt_tree.salts(self.seeds.reveal())
        numbers = self.numbers.reveal()
        leaves = [card_leaf(self.lot, slot, salt, numbers[slot - self.start]) for slot, salt in salts]
        return Run(self.start, leaves, self.count, self.beside)

    def within(self, start: int, end: int) -> "Sheet":
        """The sheet of some of its cards; refuses others with `custody.not_disclosed`."""
        return self.parts((start, end))[0]

    def without(self, slot: int) -> list["Sheet"]:
        """The sheets that are left when one card's number and salt are destroyed."""
        runs = [(self.start, slot), (slot + 1, self.end)]
        return self.parts(*(run for run in runs if run[0] < run[1]))

    def parts(self, *runs: tuple[int, int]) -> list["Sheet"]:
        """The sheets of some runs of its cards."""
        for start, end in runs:
            if not self.start <= start < end <= self.end:
                raise ForbiddenError("custody.not_disclosed", lot=self.lot, start=start, end=end)
        every, numbers, seeds = self.run(), self.numbers.reveal(), self.seeds.reveal()
        return [
            _cut(self.lot, every, numbers[start - self.start : end - self.start], seeds, start) for start, end in runs
        ]


def whole_lot(lot: str, numbers: Sequence[str], secret: Secret[bytes]) -> Sheet:
    """The sheet of all cards of a lot, by the operator that keeps its secret."""
    count = len(numbers)
    seeds = salt_tree.covering([salt_tree.whole(secret.reveal(), count)], 0, count)
    return Sheet(lot, count, 0, Secret(numbers), Secret(seeds), ())


def of_book(lot: str, book: Book, *runs: tuple[int, int]) -> list[Sheet]:
    """The sheets of some runs of a lot, by the operator that keeps its book.

    Refuses cards whose number or salt was forgotten with `custody.no_book`.
    """
    numbers, seeds = book.numbers.reveal(), book.seeds.reveal()
    every = Run(0, book.leaves(lot), book.count)
    found = []
    for start, end in runs:
        if any(slot not in numbers for slot in range(start, end)):
            raise NotFoundError("custody.no_book", lot=lot)
        found.append(_cut(lot, every, [numbers[slot] for slot in range(start, end)], seeds, start))
    return found


def of_parts(held: Sequence[Sheet], parts: Sequence[Part]) -> tuple[Sheet, ...]:
    """Sheets of exactly some parts, out of those that a seller has; refuses with `custody.not_disclosed`."""
    found = []
    for part in parts:
        at = part.start
        while at < part.end:
            sheet = next((one for one in held if one.lot == part.lot and one.start <= at < one.end), None)
            if sheet is None:
                raise ForbiddenError("custody.not_disclosed", lot=part.lot, start=at, end=part.end)
            end = min(part.end, sheet.end)
            found.append(sheet if (at, end) == (sheet.start, sheet.end) else sheet.within(at, end))
            at = end
    return tuple(found)


def _cut(lot: str, every: Run, numbers: Sequence[str], seeds: list[Seed], start: int) -> Sheet:
    """The sheet of some neighbouring cards out of a run that has them."""
    end = start + len(numbers)
    beside = every.within(start, end).beside
    return Sheet(lot, every.count, start, Secret(numbers), Secret(salt_tree.covering(seeds, start, end)), beside)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Terms, and sheets that cover the deal's parts in their order."""

    terms: Secret[Terms] | None
    sheets: tuple[Sheet, ...]

    def bytes(self) -> bytes:
        """To be sealed. Refuses numbers that are none with `custody.disclosure_form`."""
        for sheet in self.sheets:
            if any(not _is_number(one) for one in sheet.numbers.reveal()):
                raise InvalidError("custody.disclosure_form", problem="a card number is none")
        terms: Item = None if self.terms is None else list(self.terms.reveal())
        return encode([terms, [_sheet_row(one) for one in self.sheets]])


def parse(plain: bytes) -> Disclosure:
    """Read a disclosure; refuses with `custody.disclosure_form`."""
    try:
        row = row_of(decode(plain, MOST_BYTES), 2)
        terms = None if row[0] is None else Secret(sale_terms.of(row[0]))
        return Disclosure(terms, tuple(_sheet(one) for one in listed(row[1])))
    except MalformedError as error:
        raise InvalidError("custody.disclosure_form", problem=str(error)) from error


def check(state: State, deal: Deal, found: Disclosure) -> None:
    """Whether a buyer may believe a disclosure: these cards, all of them, and these terms.

    Refuses with `custody.terms_differ`, `custody.disclosure_form` or `custody.disclosure_differs`.
    """
    if deal.terms != (found.terms.reveal().hash() if found.terms else None):
        raise InvalidError("custody.terms_differ")
    _covers(deal, found)
    for sheet in found.sheets:
        lot = lot_of(state, sheet.lot)
        if sheet.count != lot.cards or _root(sheet) != lot.root:
            raise InvalidError("custody.disclosure_differs", lot=lot.id, start=sheet.start, end=sheet.end)


def _covers(deal: Deal, found: Disclosure) -> None:
    """The sheets are the deal's cards: none is missing, none is too much."""
    left = list(found.sheets)
    for part in deal.parts:
        at = part.start
        while at < part.end:
            if not left or (left[0].lot, left[0].start) != (part.lot, at) or left[0].end > part.end:
                raise InvalidError("custody.disclosure_form", problem="its cards are not those of the sale")
            at = left.pop(0).end
    if left:
        raise InvalidError("custody.disclosure_form", problem="its cards are not those of the sale")


def _root(sheet: Sheet) -> bytes | None:
    try:
        return sheet.run().root()
    except MalformedError:
        return None


def _is_number(one: str) -> bool:
    return 0 < len(one) <= _MOST_NUMBER and one.isascii() and one.isalnum()


def _sheet_row(sheet: Sheet) -> list[Item]:
    seeds: list[Item] = [[one.level, one.number, one.value] for one in sheet.seeds.reveal()]
    numbers = "\n".join(sheet.numbers.reveal())
    return [sheet.lot, sheet.count, sheet.start, numbers, seeds, list(sheet.beside)]


def _sheet(item: Item) -> Sheet:
    row = row_of(item, 6)
    lot, count, start = text(row[0]), whole(row[1]), whole(row[2])
    numbers = row[3].split("\n") if isinstance(row[3], str) else []
    if not 0 < len(numbers) <= MOST_CARDS or not all(map(_is_number, numbers)):
        raise MalformedError("card numbers are missing, too many, or none")
    seeds = [Seed(whole(level), whole(number), data(value)) for level, number, value in rows(row[4], 3)]
    _opens_exactly(seeds, start, start + len(numbers))
    return Sheet(lot, count, start, Secret(numbers), Secret(seeds), tuple(digest(one) for one in listed(row[5])))


def _opens_exactly(seeds: list[Seed], start: int, end: int) -> None:
    """Before a salt is made: a seed of a stranger could stand for 2**60 of them."""
    at = start
    for seed in seeds:
        if seed.level > _DEEPEST or seed.number >> 40 or len(seed.value) != salt_tree.SALT or seed.slots.start != at:
            break
        at = seed.slots.stop
    if at != end:
        raise MalformedError("its seeds open other cards than it names")
