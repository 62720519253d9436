"""All that the ledger knows at a height: tables of rows, spans of cards, and one root over both. In memory, pure.

Two machines that took the same entries have the same root, whatever they run on.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final, Generic, NamedTuple, TypeVar, cast

from tallyward.custody.codec import Item, encode
from tallyward.custody.hash_trie import HashTrie
from tallyward.custody.report_rows import (
    ApprovalRow,
    BindingRow,
    CreditRow,
    DestroyedRow,
    IncidentRow,
    OrderRow,
    RuleVersions,
    StockRow,
)
from tallyward.custody.spans import Move, Spans
from tallyward.custody.tallies import Tallies

_DOMAIN: Final = b"tallyward custody state v2\0"

Row = TypeVar("Row", bound="tuple[object, ...]")


class MemberRow(NamedTuple):
    """An organisation. `number`: in spans; `gone`: it is no member any more."""

    number: int
    id: str
    kind: str
    name: str
    gone: int


class KeyRow(NamedTuple):
    """A public key of a member. `gone`: revoked, or replaced."""

    member: str
    public: bytes
    purposes: int
    gone: int


class LotRow(NamedTuple):
    """A lot; see `transactions.RegisterLot`. `recycled`: (lot's number, start, end) that its numbers come from."""

    number: int
    id: str
    operator: str
    cards: int
    root: bytes
    product: str
    rules: str
    recycled: tuple[tuple[int, int, int], ...] = ()


class OfferRow(NamedTuple):
    """An offer in flight. `parts`: (lot's number, start, end)."""

    seller: str
    buyer: str
    expires: int
    parts: tuple[tuple[int, int, int], ...]


class RequestRow(NamedTuple):
    """A request for activation that is not done. `approved`: the real names are; `parts` are then those cards."""

    shop: str
    operator: str
    approved: int
    parts: tuple[tuple[int, int, int], ...]


class Table(Generic[Row]):
    """Rows by key, and one root over them."""

    def __init__(self) -> None:
        """Begin empty."""
        self.rows: dict[bytes, Row] = {}
        self._trie = HashTrie()
        self._changed: set[bytes] = set()

    def get(self, key: bytes) -> Row | None:
        """The row, if there is one."""
        return self.rows.get(key)

    def put(self, key: bytes, row: Row | None) -> None:
        """Set a row; None: take it away."""
        self._changed.add(key)
        if row is None:
            del self.rows[key]
        else:
            self.rows[key] = row

    def root(self) -> bytes:
        """One root over all rows."""
        if self._changed:
            rows = self.rows
            self._trie.update(
                {
                    int.from_bytes(sha256(key).digest()): encode(_plain(rows[key])) if key in rows else None
                    for key in self._changed
                }
            )
            self._changed = set()
        return self._trie.root()

    def packed(self) -> Iterator[tuple[bytes, bytes]]:
        """(key, row) in bytes, in the order in which the rows came."""
        return ((key, encode(_plain(row))) for key, row in self.rows.items())

    def stand_for(self, packed: Mapping[bytes, bytes]) -> None:
        """Have the root over rows in bytes, read by nobody yet; `rows` is for the caller to fill, once it is proven."""
        self._trie.update({int.from_bytes(sha256(key).digest()): row for key, row in packed.items()})


class Change:
    """What a transaction changes, decided before anything is: rows by table, moves of cards, lots that begin."""

    __slots__ = ("lot", "moves", "rows", "turns")

    def __init__(self, *moves: Move) -> None:
        """Begin with some moves."""
        self.moves: list[Move] = list(moves)
        self.rows: list[tuple[str, bytes | None, tuple[object, ...] | None]] = []
        self.lot: LotRow | None = None
        self.turns = 0

    def put(self, table: str, key: bytes | None, row: tuple[object, ...] | None) -> "Change":
        """One row of a table changes; None: it goes. A key of None: the row is kept by the number of the entry."""
        self.rows.append((table, key, row))
        return self


class State:
    """The tables. `turn`: how many decisions the governors took; `height`: blocks that are closed.

    `members_by_number`, `lots_by_number`: their ids.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        self.members: Table[MemberRow] = Table()
        self.keys: Table[KeyRow] = Table()
        self.rules: Table[RuleVersions] = Table()
        self.lots: Table[LotRow] = Table()
        self.offers: Table[OfferRow] = Table()
        self.requests: Table[RequestRow] = Table()
        self.approvals: Table[ApprovalRow] = Table()
        self.bindings: Table[BindingRow] = Table()
        self.orders: Table[OrderRow] = Table()
        self.stock: Table[StockRow] = Table()
        self.incidents: Table[IncidentRow] = Table()
        self.destroyed: Table[DestroyedRow] = Table()
        self.credit: Table[CreditRow] = Table()
        self.spans = Spans()
        self.tallies = Tallies()
        self.turn = 0
        self.height = 0
        self.members_by_number: list[str] = []
        self.lots_by_number: list[str] = []

    def take(self, change: Change, cause: int) -> None:
        """Make a change, which entry `cause` brought about."""
        for name, key, row in change.rows:
            where = place(cause) if key is None else key
            table: Table[tuple[object, ...]] = getattr(self, name)
            self._counted(where, table.get(where), row)
            table.put(where, row)
        if change.lot is not None:
            self._opened(change.lot, cause)
        for move in change.moves:
            self.tallies.moved(self.spans.move(move, cause), move)
        self.turn += change.turns

    def lot(self, number: int) -> LotRow:
        """The lot of a number."""
        return self.lots.rows[self.lots_by_number[number].encode()]

    def earlier(self, lot: int, slot: int) -> tuple[int, int] | None:
        """Which (lot, slot) the number of a card was before, if its lot is of recycled numbers."""
        for number, start, end in self.lot(lot).recycled:
            if slot < end - start:
                return number, start + slot
            slot -= end - start
        return None

    def root(self) -> bytes:
        """One root over everything."""
        roots = b"".join(getattr(self, name).root() for name in TABLES)
        return sha256(_DOMAIN + roots + self.spans.root() + self.turn.to_bytes(8, "big")).digest()

    def _opened(self, lot: LotRow, cause: int) -> None:
        self.lots.put(lot.id.encode(), lot)
        self.lots_by_number.append(lot.id)
        operator = self.members.rows[lot.operator.encode()].number
        self.spans.open(lot.cards, operator, cause)
        self.tallies.opened(lot.number, operator, lot.cards)

    def _counted(self, key: bytes, old: tuple[object, ...] | None, new: tuple[object, ...] | None) -> None:
        """What is counted follows what the tables say."""
        one = new or old
        if isinstance(one, OfferRow):
            cards = sum(end - start for _, start, end in one.parts)
            self.tallies.coming[one.buyer] += cards if new else -cards
        elif isinstance(one, ApprovalRow):
            self.tallies.approved(cast("ApprovalRow | None", old), cast("ApprovalRow | None", new))
        elif isinstance(one, OrderRow):
            self.tallies.ordered(key, cast("OrderRow | None", old), cast("OrderRow | None", new))
        elif isinstance(one, MemberRow) and old is None:
            self.members_by_number.append(one.id)


TABLES: Final = (
    "members",
    "keys",
    "rules",
    "lots",
    "offers",
    "requests",
    "approvals",
    "bindings",
    "orders",
    "stock",
    "incidents",
    "destroyed",
    "credit",
)
"""The tables in the order of their roots."""


def place(entry: int) -> bytes:
    """The key of rows that are kept by the number of an entry."""
    return entry.to_bytes(8, "big")


def _plain(row: tuple[object, ...]) -> Item:
    return [_plain(one) if isinstance(one, tuple) else one for one in row]  # type: ignore[misc]
