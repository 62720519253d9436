"""Durable dictionaries: a text becomes a small number once and for all. Pure; the manifest keeps them.

An id given out during an intake stays pending until the intake is committed; when the intake fails, its ids are taken
back, so an id never stands in a segment without its word in the manifest.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from tallyward.records.schema import UNKNOWN_CELL_BASE


class WordKind(StrEnum):
    """One dictionary each."""

    APN = "apn"
    IPV6 = "ipv6"
    ICCID = "iccid"  # of unknown cards
    CELL = "cell"  # cells that the registry does not know


class Word(NamedTuple):
    """An entry."""

    id: int
    text: str


FIRST_ID: Final = {
    WordKind.APN: 1,
    WordKind.IPV6: 1,
    WordKind.ICCID: 1,
    WordKind.CELL: UNKNOWN_CELL_BASE,
}

Loader = Callable[[WordKind, int], list[Word]]
"""Reads entries of a kind above an id."""


@dataclass(slots=True)
class _Dictionary:
    ids: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    top: int = 0

    def add(self, word: Word) -> None:
        self.ids[word.text] = word.id
        self.texts[word.id] = word.text
        self.top = max(self.top, word.id)


class Words:
    """All dictionaries of one store, in memory. Hold `lock` from `pending` to `settle` or `take_back`."""

    def __init__(self, load: Loader) -> None:
        """Read what the manifest holds."""
        self.lock = threading.RLock()
        self._load = load
        self._kinds = {kind: _Dictionary(top=FIRST_ID[kind] - 1) for kind in WordKind}
        self._pending: list[tuple[WordKind, Word]] = []
        self.refresh()

    def refresh(self) -> None:
        """Read what another process has added since."""
        with self.lock:
            for kind, held in self._kinds.items():
                for word in self._load(kind, held.top):
                    held.add(word)

    def ids(self, kind: WordKind, texts: Iterable[str]) -> list[int]:
        """The ids of texts; new texts get pending ids."""
        with self.lock:
            return [self._id(kind, text) for text in texts]

    def _id(self, kind: WordKind, text: str) -> int:
        held = self._kinds[kind]
        known = held.ids.get(text)
        if known is None:
            known = held.top + 1
            held.add(Word(known, text))
            self._pending.append((kind, Word(known, text)))
        return known

    def find(self, kind: WordKind, text: str) -> int | None:
        """The id of a text, or None; gives out nothing."""
        return self._kinds[kind].ids.get(text)

    def text(self, kind: WordKind, number: int) -> str | None:
        """The text of an id, read again from the manifest where it is new."""
        held = self._kinds[kind]
        if number not in held.texts and number > held.top:
            self.refresh()
        return held.texts.get(number)

    def top(self, kind: WordKind) -> int:
        """The highest id given out."""
        return self._kinds[kind].top

    def pending(self) -> list[tuple[WordKind, Word]]:
        """Ids given out since the last `settle` or `take_back`."""
        return list(self._pending)

    def settle(self) -> None:
        """The pending ids are durable now."""
        self._pending.clear()

    def take_back(self) -> None:
        """The intake failed: its ids never were."""
        for kind, word in reversed(self._pending):
            held = self._kinds[kind]
            del held.ids[word.text], held.texts[word.id]
            held.top = word.id - 1
        self._pending.clear()
