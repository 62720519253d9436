"""What custody needs from outside, and the one face of a ledger whatever it runs on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from tallyward.custody.checkpoint import NoteKey, NoteSignature, SignedCheckpoint
from tallyward.custody.kept import Kept
from tallyward.custody.look_ups import LookUp
from tallyward.custody.lots import Book
from tallyward.custody.machine import Machine
from tallyward.custody.receipt import Receipt
from tallyward.custody.usage_facts import CardUsage, StrangerUsage
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret


class Ledger(Protocol):
    """Takes transactions in order, keeps them for good, proves what it kept."""

    @property
    def machine(self) -> Machine:
        """What is known after the last entry; to read, not to change."""
        ...

    def refresh(self) -> None:
        """Take up what others have added since."""
        ...

    def submit(self, entries: Sequence[bytes]) -> list[int | TallywardError]:
        """Take entries in this order; each one's number, or why it is refused. What was taken is durable."""
        ...

    def head(self) -> SignedCheckpoint:
        """The newest signed head."""
        ...

    def cosigned(self, signed: SignedCheckpoint) -> None:
        """Keep what witnesses signed of the newest head, for receipts under it; of an older head nothing is kept."""
        ...

    def entry(self, number: int) -> bytes:
        """One entry; refuses with `custody.entry_unknown`."""
        ...

    def receipt(self, number: int) -> Receipt:
        """The proof of an entry under the newest head; refuses with `custody.entry_unknown`."""
        ...

    def consistency(self, old: int, new: int) -> list[bytes]:
        """What proves that the tree of `new` entries begins with that of `old`."""
        ...

    def entries(self, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """(number, entry) from `begin` to before `end`."""
        ...


class CosigningWitness(Protocol):
    """Somebody independent that signs a log's heads, if each continues the one before (C2SP tlog-witness)."""

    @property
    def key(self) -> NoteKey:
        """By which its cosignatures are known."""
        ...

    def cosign(self, head: SignedCheckpoint, proof_from: Callable[[int], Sequence[bytes]]) -> NoteSignature:
        """Its signature of a head. `proof_from`: given a size that it signed before, what leads from there to the head.

        Refuses with `custody.head_stale` where it has signed a longer log, and with the codes of its kind.
        """
        ...


class Destroyer(Protocol):
    """Destroys secrets, and remembers which ones the ledger was not told of yet."""

    def untold(self) -> list[bytes]:
        """The ids of what was destroyed that the ledger does not have yet."""
        ...

    def told(self, keys: Iterable[bytes]) -> None:
        """The ledger has a KEY_DESTROYED for these."""
        ...


class Vault(Destroyer, Protocol):
    """Keeps sealed things off the ledger, and destroys them for good."""

    def of_card(self, lot: str, slot: int) -> list[Kept]:
        """What tells of a card."""
        ...

    def of_person(self, token: bytes) -> list[Kept]:
        """What tells of a person whose cards were approved."""
        ...

    def erase(self, keys: Sequence[bytes], instead: Iterable[Kept] = ()) -> None:
        """Destroy envelopes by their ids, and keep others in their place: all of it or nothing."""
        ...


class UsageFacts(Protocol):
    """What the network saw of cards until now; a lot at a time, so that memory stays that of a lot."""

    def of_lot(self, lot: int) -> CardUsage | None:
        """The cards of a lot, by its number on the ledger, that had traffic."""
        ...

    def strangers(self) -> StrangerUsage:
        """Numbers with traffic that are in no lot."""
        ...


class LookUpLog(Protocol):
    """Remembers who was told whose credit, for good."""

    def add(self, one: LookUp) -> None:
        """Note a look-up; durable afterwards, or refused with `custody.not_durable`."""
        ...

    def of(self, about: str) -> Iterator[LookUp]:
        """Who was told of an organisation, in the order in which it was."""
        ...


class CardBooks(Protocol):
    """What an operator knows of its lots beside the ledger: card numbers by slot, and secrets."""

    def add(self, lot: str, numbers: Sequence[str], secret: Secret[bytes]) -> None:
        """Keep a lot's book; refuses a second one with `custody.lot_exists`."""
        ...

    def drop(self, lot: str) -> None:
        """Forget a book whose lot was not registered after all."""
        ...

    def find(self, number: str) -> tuple[str, int] | None:
        """(lot, slot) of a card number; None if no lot has it."""
        ...

    def numbers(self, lot: str, start: int, end: int) -> list[str]:
        """The numbers of slots `start` to before `end`, "" of a forgotten card; refuses with `custody.no_book`."""
        ...

    def book(self, lot: str) -> Book:
        """All that opens a lot's cards; refuses with `custody.no_book`."""
        ...
