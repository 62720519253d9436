"""How simulated entries are signed, numbered and gathered into blocks.

Later entries name earlier ones by number, so the pen counts as a ledger does: the first entry and its block end are 0
and 1, what is refused gets no number, and each block is followed by its end.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from tallyward.custody.authority import Purpose
from tallyward.custody.entry import LEDGER_ID, body_of
from tallyward.custody.forms import SPEAKER
from tallyward.custody.signing import countersigned
from tallyward.custody.transactions import Genesis, Transaction
from tallyward.simulate.chain_lots import LotBook
from tallyward.simulate.chain_members import ORIGIN, RULES, Keys, chain_members

_BEGUN = 2


class Said(NamedTuple):
    """An entry: its number, by which orders and sales name it, and its body's hash, by which answers do."""

    number: int
    hash: bytes
    entry: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """An entry that must be refused. `place`: in its block; `hash`: its body's; `code`: of the refusal."""

    name: str
    place: int
    hash: str
    code: str


@dataclass(frozen=True, slots=True)
class Block:
    """Entries to hand to a ledger at once, at a time (UTC seconds); the books of the lots that begin with it."""

    time: int
    entries: tuple[bytes, ...]
    lots: tuple[LotBook, ...]
    attempts: tuple[Attempt, ...]


class Pen:
    """Writes the entries of one ledger. `time`: of the block being written."""

    def __init__(self, genesis: bytes, keys: Keys, time: int) -> None:
        """Begin after the first entry, whose body gives the ledger its id."""
        self.keys = keys
        self.time = time
        self._ledger = genesis
        self._number = _BEGUN
        self._entries: list[bytes] = []
        self._attempts: list[Attempt] = []

    def say(self, one: Transaction, purpose: Purpose = Purpose.TRADE) -> Said:
        """An entry that the ledger takes, signed by who speaks."""
        speaker = str(getattr(one, SPEAKER[one.kind]))
        data, digest = self._signed(one, speaker, purpose)
        self._entries.append(data)
        self._number += 1
        return Said(self._number - 1, digest, data)

    def attempt(self, name: str, code: str, one: Transaction, by: str, purpose: Purpose = Purpose.TRADE) -> None:
        """An entry that the ledger must refuse, signed by a key of `by`."""
        self._tried(name, code, *self._signed(one, by, purpose))

    def repeat(self, name: str, code: str, said: Said) -> None:
        """An entry that was taken once and must be refused this time."""
        self._tried(name, code, said.entry, said.hash)

    def close(self, time: int, lots: tuple[LotBook, ...] = ()) -> list[Block]:
        """The block that was written; none if nothing was. `time`: of the next one."""
        entries, attempts, now = self._entries, self._attempts, self.time
        self._entries, self._attempts, self.time = [], [], time
        if len(entries) == len(attempts):
            if attempts:
                raise ValueError("a block of refused entries alone has no end, and would shift no number")
            return []
        self._number += 1
        return [Block(now, tuple(entries), lots, tuple(attempts))]

    def _tried(self, name: str, code: str, data: bytes, digest: bytes) -> None:
        self._attempts.append(Attempt(name, len(self._entries), digest.hex(), code))
        self._entries.append(data)

    def _signed(self, one: Transaction, by: str, purpose: Purpose) -> tuple[bytes, bytes]:
        body = body_of(self._ledger, one)
        return countersigned(body, self.keys[by, purpose]), sha256(body).digest()


def begin(keys: Keys, time: int) -> tuple[bytes, bytes]:
    """The first entry, signed by all governors, and the id that it gives the ledger."""
    body = body_of(b"", Genesis(ORIGIN, chain_members(keys), (RULES,), time))
    governors = (key for (_, purpose), key in keys.items() if purpose is Purpose.GOVERN)
    return countersigned(body, *governors), sha256(body).digest()[:LEDGER_ID]
