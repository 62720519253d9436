"""The demo's card ledger: every card registered, sold and activated before the day; broken chains against planted.

A ledger is made beside the installation's and put in its place when it is whole: a half-written one is never there.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tallyward.custody.adapters.key_file import make_key
from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.authority import Purpose
from tallyward.custody.break_finding import Finding
from tallyward.custody.break_kinds import Break
from tallyward.custody.machine import read
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import ConflictError, TallywardError
from tallyward.kernel.secret import Secret
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_members import ORIGIN, Keys
from tallyward.simulate.chain_pen import Block
from tallyward.simulate.chain_verdict import ChainVerdict, Named, judge_chain
from tallyward.wiring.custody.ledger import (
    KeyRing,
    OpenLedger,
    begin_with,
    custody_folder,
    has_custody,
    open_custody_bytes,
    open_ledger,
)
from tallyward.wiring.custody.risk import Judged
from tallyward.wiring.folder import prepare_folder
from tallyward.wiring.settings import Settings

MOST_CARDS: Final = 2_000_000
"""A larger fleet comes without ledger: writing it takes some two minutes a million cards."""
_HALF: Final = ".custody-being-written"
_SUFFIX: Final = {Purpose.TRADE: "", Purpose.REAL_NAME: ".real-name", Purpose.GOVERN: ".govern", Purpose.MONITOR: ""}


@dataclass(frozen=True, slots=True)
class Written:
    """(code, hash) of the entries that a ledger had to refuse, and of those that it did refuse."""

    attempts: tuple[Named, ...]
    refused: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class CustodyVerdict:
    """Broken chains, and entries that were to be refused, as found against as planted."""

    breaks: ChainVerdict
    refusals: ChainVerdict

    @property
    def exact(self) -> bool:
        """Whether everything planted was found, and nothing else."""
        return self.breaks.exact and self.refusals.exact


def write_ledger(settings: Settings, chain: Chain, advance: Callable[[int, int], None]) -> Written:
    """Make the ledger of a chain that of the installation.

    A simulated ledger that is there makes room; refuses where one of others is, with `wiring.custody_of_others`.
    `advance` hears of cards.
    """
    place = custody_folder(settings)
    if place.exists():
        check_simulated(settings)
    half = settings.folder / _HALF
    shutil.rmtree(half, ignore_errors=True)
    beside = settings.model_copy(update={"home": half})
    prepare_folder(half)
    clock = FixedClock(datetime.fromtimestamp(0, UTC))
    begin_with(beside, chain.genesis, clock)
    keep_keys(KeyRing(custody_folder(beside) / "keys"), chain.keys)
    attempts: list[Named] = []
    refused: list[Named] = []
    cards = 0
    with open_ledger(beside, clock) as opened:
        for block in chain.blocks():
            attempts += ((one.code, one.hash) for one in block.attempts)
            refused += _written(opened, block, clock)
            cards += sum(len(lot.numbers) for lot in block.lots)
            advance(cards, chain.fleet.cards)
    advance(chain.fleet.cards, chain.fleet.cards)  # some are in no lot
    if place.exists():
        place.rename(half / "before")
    custody_folder(beside).rename(place)
    shutil.rmtree(half)
    return Written(tuple(attempts), tuple(refused))


def check_simulated(settings: Settings) -> None:
    """Refuse a ledger that no demo has made with `wiring.custody_of_others`."""
    origin = ""
    if has_custody(settings):
        with open_custody_bytes(settings) as (_, log):
            origin = log.name
    if origin != ORIGIN:
        raise ConflictError("wiring.custody_of_others", folder=custody_folder(settings).name)


def keep_keys(ring: KeyRing, keys: Keys) -> None:
    """The members' keys as the platform keeps those of others. They follow from the seed and guard nothing."""
    for (member, purpose), key in keys.items():
        make_key(ring.folder / f"{member}{_SUFFIX[purpose]}.key", key)


def _written(opened: OpenLedger, block: Block, clock: FixedClock) -> Iterator[Named]:
    clock.set(datetime.fromtimestamp(block.time, UTC))
    for lot in block.lots:
        opened.books.add(lot.lot, lot.numbers, Secret(lot.secret))
    for entry, answer in zip(block.entries, opened.ledger.submit(block.entries), strict=True):
        if isinstance(answer, TallywardError):
            yield answer.code, read(entry).hash.hex()


def custody_verdict(settings: Settings, chain: Chain, written: Written, judged: Judged) -> CustodyVerdict:
    """What was found against what was planted, card by card and entry by entry."""
    with closing(LotBooks(custody_folder(settings) / "books.db")) as books:
        found = [
            (kind.value, name)
            for one in judged.judgement.findings
            for kind in one.breaks
            for name in _names(one, kind, books)
        ]
    return CustodyVerdict(judge_chain(chain.planted, found), judge_chain(written.attempts, written.refused))


def _names(one: Finding, kind: Break, books: LotBooks) -> list[str]:
    subject = one.subject
    if kind is Break.STOCK_DIFFERENCE:
        return [f"{one.last_holder} {subject.name}"]
    if subject.end:
        return books.numbers(subject.name, subject.start, subject.end)
    return [subject.name]
