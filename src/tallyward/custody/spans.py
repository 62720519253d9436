"""Who holds which cards: runs of slots that share everything, and where each run came from. Pure, in memory.

The spans of a lot always divide its slots without gap or overlap. What happens to part of a span cuts it; the parts
that stay are as if they had always been narrower. So a million cards move by adding three rows.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple, Self

from tallyward.custody.hash_trie import HashTrie
from tallyward.custody.states import CardState

LINK: Final = struct.Struct(">IIBQH")
"""What is hashed of a span, before the link of the span before it: lot, holder, state, cause, hops."""
NO_LINK: Final = bytes(32)
"""Of the span before a lot's first one."""
NO_PARENT: Final = -1


class Span(NamedTuple):
    """Slots `start` to before `end` of a lot: holder's number, state, the entry that caused it, changes of hands.

    `parent`: the span before, by its `number`. `link`: hash over all but the slots of this span and of all spans before
    it: cards of one way have one link, however they are cut. Where a span lies is in the lot's root.
    """

    lot: int
    start: int
    end: int
    holder: int
    state: CardState
    cause: int
    hops: int
    parent: int
    link: bytes
    number: int


class Move(NamedTuple):
    """Part of a span that gets a new holder or state."""

    lot: int
    start: int
    end: int
    holder: int
    state: CardState
    hops: int


class _LotSpans:
    """The spans of a lot as they stand: where they begin, one root over them."""

    __slots__ = ("changed", "spans", "starts", "trie")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.spans: list[Span] = []
        self.changed: dict[int, Span] = {}
        self.trie = HashTrie()


class Spans:
    """All spans of all lots, those that stand and those before them.

    `history`: every span by its number, with the slots that it began with.
    """

    def __init__(self) -> None:
        """No lots yet."""
        self.history: list[Span] = []
        self._lots: list[_LotSpans] = []
        self._roots = HashTrie()
        self._touched: set[int] = set()

    @classmethod
    def restored(cls, history: list[Span], standing: Sequence[list[Span]]) -> Self:
        """From every span by number, and by lot those that stand; what they say is for the root to prove."""
        found = cls()
        found.history = history
        for spans in standing:
            one = _LotSpans()
            one.spans, one.starts = spans, [span.start for span in spans]
            one.changed = dict(zip(one.starts, spans, strict=True))
            found._lots.append(one)
        found._touched = set(range(len(standing)))
        return found

    def open(self, count: int, holder: int, cause: int) -> int:
        """Begin a lot of `count` cards with its operator; its number."""
        lot = len(self._lots)
        one = _LotSpans()
        self._lots.append(one)
        self._stand(one, 0, self._born(lot, 0, count, holder, CardState.REGISTERED, cause, 0, None))
        self._touched.add(lot)
        return lot

    def at(self, lot: int, slot: int) -> Span:
        """The span in which a slot lies."""
        one = self._lots[lot]
        return one.spans[bisect_right(one.starts, slot) - 1]

    def standing(self, lot: int) -> Iterator[Span]:
        """The spans of a lot as they stand, by slot."""
        return iter(self._lots[lot].spans)

    def chain(self, lot: int, slot: int) -> list[Span]:
        """A card's way: the span it lies in, and those before, back to the registration."""
        history = self.history
        one = self.at(lot, slot)
        found = [one]
        while one.parent >= 0:
            one = history[one.parent]
            found.append(one)
        return found

    def before(self, span: Span, entry: int) -> Span | None:
        """What the cards of a span were in before an entry; None where their lot was not there yet."""
        while span.cause >= entry:
            if span.parent < 0:
                return None
            span = self.history[span.parent]
        return span

    def move(self, move: Move, cause: int) -> Span:
        """Cut a part out of the span that it lies in, and give it its new holder and state; the span before."""
        lot, start, end = move.lot, move.start, move.end
        one = self._lots[lot]
        at = bisect_right(one.starts, start) - 1
        old = one.spans[at]
        if not old.start <= start < end <= old.end:
            raise ValueError(f"slots {start} to {end} do not lie in one span")
        new = self._born(lot, start, end, move.holder, move.state, cause, move.hops, old)
        if old.start == start:
            one.spans[at] = one.changed[start] = new
        else:
            one.spans[at] = one.changed[old.start] = old._replace(end=start)
            at += 1
            self._stand(one, at, new)
        if end < old.end:
            self._stand(one, at + 1, old._replace(start=end))
        self._touched.add(lot)
        return old

    def root(self) -> bytes:
        """One root over all spans that stand."""
        roots: dict[int, bytes | None] = {}
        for lot in self._touched:
            one = self._lots[lot]
            one.trie.update({start: span.end.to_bytes(8, "big") + span.link for start, span in one.changed.items()})
            one.changed = {}
            roots[lot] = one.trie.root()
        self._touched.clear()
        self._roots.update(roots)
        return self._roots.root()

    def _stand(self, one: _LotSpans, at: int, span: Span) -> None:
        one.starts.insert(at, span.start)
        one.spans.insert(at, span)
        one.changed[span.start] = span

    def _born(
        self, lot: int, start: int, end: int, holder: int, state: CardState, cause: int, hops: int, before: Span | None
    ) -> Span:
        parent, link = (before.number, before.link) if before else (NO_PARENT, NO_LINK)
        link = sha256(LINK.pack(lot, holder, state, cause, hops) + link).digest()
        born = Span(lot, start, end, holder, state, cause, hops, parent, link, len(self.history))
        self.history.append(born)
        return born
