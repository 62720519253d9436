"""All that the ledger knows at a height: tables of rows, spans of cards, and one root over both. In memory, pure.

Two machines that took the same entries have the same root, whatever they run on.
"""

from hashlib import sha256
from typing import Final, Generic, NamedTuple, TypeVar

from tallyward.custody.codec import Item, encode
from tallyward.custody.fields import Rules
from tallyward.custody.hash_trie import HashTrie
from tallyward.custody.spans import Move, Spans

_DOMAIN: Final = b"tallyward custody state v1\0"

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
    """A lot; see `transactions.RegisterLot`."""

    number: int
    id: str
    operator: str
    cards: int
    root: bytes
    product: str
    rules: str


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


class PersonRow(NamedTuple):
    """How many cards a person was approved for."""

    cards: int


class Table(Generic[Row]):
    """Rows by key, and one root over them."""

    def __init__(self) -> None:
        """Begin empty."""
        self.rows: dict[bytes, Row] = {}
        self._trie = HashTrie()

    def get(self, key: bytes) -> Row | None:
        """The row, if there is one."""
        return self.rows.get(key)

    def put(self, key: bytes, row: Row | None) -> None:
        """Set a row; None: take it away."""
        place = int.from_bytes(sha256(key).digest())
        if row is None:
            del self.rows[key]
            self._trie.remove(place)
        else:
            self.rows[key] = row
            self._trie.set(place, encode(_plain(row)))

    def root(self) -> bytes:
        """One root over all rows."""
        return self._trie.root()


class Change:
    """What a transaction changes, decided before anything is: rows by table, moves of cards, lots that begin."""

    __slots__ = ("lot", "moves", "rows", "turns")

    def __init__(self, *moves: Move) -> None:
        """Begin with some moves."""
        self.moves: list[Move] = list(moves)
        self.rows: list[tuple[str, bytes, tuple[object, ...] | None]] = []
        self.lot: LotRow | None = None
        self.turns = 0

    def put(self, table: str, key: bytes, row: tuple[object, ...] | None) -> "Change":
        """One row of a table changes; None: it goes."""
        self.rows.append((table, key, row))
        return self


class State:
    """The tables. `turn`: how many decisions the governors took; `members_by_number`: their ids."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.members: Table[MemberRow] = Table()
        self.keys: Table[KeyRow] = Table()
        self.rules: Table[Rules] = Table()
        self.lots: Table[LotRow] = Table()
        self.offers: Table[OfferRow] = Table()
        self.requests: Table[RequestRow] = Table()
        self.persons: Table[PersonRow] = Table()
        self.spans = Spans()
        self.turn = 0
        self.members_by_number: list[str] = []
        self.lots_by_number: list[str] = []

    def take(self, change: Change, cause: int) -> None:
        """Make a change, which entry `cause` brought about."""
        for table, key, row in change.rows:
            getattr(self, table).put(key, row)
            if table == "members" and isinstance(row, MemberRow) and row.number == len(self.members_by_number):
                self.members_by_number.append(row.id)
        if change.lot is not None:
            self.lots.put(change.lot.id.encode(), change.lot)
            self.lots_by_number.append(change.lot.id)
            self.spans.open(change.lot.cards, self.number(change.lot.operator), cause)
        for move in change.moves:
            self.spans.move(move, cause)
        self.turn += change.turns

    def number(self, member: str) -> int:
        """A member's number in spans."""
        return self.members.rows[member.encode()].number

    def root(self) -> bytes:
        """One root over everything."""
        tables = (self.members, self.keys, self.rules, self.lots, self.offers, self.requests, self.persons)
        roots = b"".join(table.root() for table in tables)
        return sha256(_DOMAIN + roots + self.spans.root() + self.turn.to_bytes(8, "big")).digest()


def _plain(row: tuple[object, ...]) -> Item:
    return [_plain(one) if isinstance(one, tuple) else one for one in row]  # type: ignore[misc]
