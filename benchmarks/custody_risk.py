"""Broken chains over a million spans, the network's list beside the ledger's, credit out of a million entries.

    python benchmarks/custody_risk.py --json -

Seconds are those of the processor: all of it runs on one core. Breaks: lots of a million cards; seven cards of ten are
active and have traffic, the others lie in stock, where traffic is planted; found must equal planted. Reconciliation:
ten million numbers on each side, beside pyarrow's `is_in` asked in both directions, which finds the same. Credit: a
market of a thousand organisations is read from its entries (rules and states are checked on the way, signatures are
not: `custody.py` measures those), then all scores are computed.
"""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from nacl.signing import SigningKey

from tallyward.custody import breaks
from tallyward.custody.authority import Purpose
from tallyward.custody.credit import credit, credit_of_all
from tallyward.custody.credit_factors import FactorBook
from tallyward.custody.credit_present import Present
from tallyward.custody.entry import DOMAIN, Signature, body_of, entry_of, key_id, parse_entry
from tallyward.custody.fields import Member, Part, Rules
from tallyward.custody.machine import PROVEN_BEFORE, Machine
from tallyward.custody.reconciliation import LotNumbers, reconcile
from tallyward.custody.replay import replay
from tallyward.custody.spans import Move
from tallyward.custody.state import Change, LotRow, MemberRow, State
from tallyward.custody.states import CardState
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    Genesis,
    Offer,
    RegisterLot,
    RnApprove,
    Transaction,
)
from tallyward.custody.usage_facts import CardUsage, StrangerUsage

START = 1_772_323_200
DAY = 86_400
LOT = 1_000_000
BLOCK = 1_000
RESELLERS, SHOPS = 99, 900
PLANTED = 5
RULES = Rules("open", (("operator", "reseller"), ("reseller", "retail")), ("retail",), 9, 1 << 40)

T = TypeVar("T")


def timed(what: Callable[[], T]) -> tuple[T, float]:
    """(what it gives, CPU seconds)."""
    begin = time.process_time()
    found = what()
    return found, time.process_time() - begin


class Traffic:
    """The same traffic in each lot: of all active cards since their activation, and of a few in stock."""

    def __init__(self, active: int) -> None:
        slots = np.append(np.arange(active), active + np.arange(PLANTED) * 7)
        first = np.full(len(slots), START + 9 * DAY, dtype=np.int64)
        regions, devices = np.zeros((2, len(slots)), dtype=np.int32)
        self._usage = CardUsage(slots, first, first + 10, np.full(len(slots), 99), regions, devices)

    def of_lot(self, lot: int) -> CardUsage | None:
        """See `ports.UsageFacts`."""
        del lot
        return self._usage

    def strangers(self) -> StrangerUsage:
        """None."""
        return StrangerUsage((), (), (), (), ())


def spans(lots: int, each: int) -> tuple[State, int]:
    """(a state of so many lots of a million cards in so many spans each, active cards of a lot)."""
    state = State()
    for number in range(RESELLERS + SHOPS + 1):
        row = MemberRow(number, f"M{number}", "retail", "", 0)
        state.take(Change().put("members", row.id.encode(), row), 0)
    step = LOT // each
    active = each * 7 // 10
    for lot in range(lots):
        change = Change()
        change.lot = LotRow(lot, f"L{lot}", "M0", LOT, bytes(32), "x", "open")
        kinds = [CardState.ACTIVE] * active + [CardState.RETAIL, CardState.HELD] * each
        change.moves = [
            Move(lot, at * step, at * step + step, 1 + (lot + at) % SHOPS, kinds[at], 2) for at in range(each)
        ]
        state.take(change, lot + 1)
    return state, active * step


def measure_breaks(figures: dict[str, Any], lots: int, each: int) -> None:
    """All spans and all traffic, then the thousand likeliest cards told in full."""
    state, active = spans(lots, each)
    now = START + 30 * DAY
    found, seconds = timed(lambda: breaks.judge(state, lambda _: START, now, Traffic(active)))
    told, telling = timed(lambda: [one.explain("en") for one in found.findings(1000)])
    figures |= {
        "spans": found.spans,
        "cards_with_traffic": found.cards,
        "breaks_s": round(seconds, 2),
        "breaks_exact": found.broken == lots * PLANTED and sum(found.counts.values()) == found.broken,
        "findings_told_per_s": round(len(told) / telling),
    }


def measure_reconciliation(figures: dict[str, Any], numbers: int) -> None:
    """A thousand numbers are active on one side only, each way."""
    chance = np.random.default_rng(1)
    of_ledger = pa.array(np.arange(numbers) + 8_986_000_000_000_000_000).cast(pa.string())
    states = np.full(numbers, CardState.ACTIVE, dtype=np.uint8)
    states[:1000] = CardState.RETAIL
    network = of_ledger.take(pa.array(chance.permutation(numbers)[: numbers - 1000]))
    found, seconds = timed(lambda: reconcile("OP", network, [LotNumbers(of_ledger, states)]))
    active = of_ledger.filter(pa.array(states == CardState.ACTIVE))

    def peer() -> tuple[int, int]:
        known = pc.is_in(network, value_set=active)
        seen = pc.is_in(active, value_set=network)
        return len(known) - pc.sum(known).as_py(), len(seen) - pc.sum(seen).as_py()

    (network_only, ledger_only), bare = timed(peer)
    figures |= {
        "numbers": numbers,
        "reconciliation_s": round(seconds, 2),
        "reconciliation_over_is_in": round(seconds / bare, 2),
        "reconciliation_exact": network_only == sum(one.count for one in found.network_only)
        and ledger_only == found.ledger_only.count,
    }


class Market:
    """Entries of one operator, its resellers and their shops; every shop asks for the cards that it bought."""

    def __init__(self) -> None:
        members = [Member("OP", "operator", "OP", ((secrets.token_bytes(32), Purpose(7)),))]
        members += [Member(f"R{at}", "reseller", "R", ((secrets.token_bytes(32), 1),)) for at in range(RESELLERS)]
        members += [Member(f"S{at}", "retail", "S", ((secrets.token_bytes(32), 1),)) for at in range(SHOPS)]
        self._keys = {one.id: key_id(one.keys[0][0]) for one in members}
        self._first = (tuple(members), (RULES,))

    def entries(self, most: int) -> Iterator[tuple[int, bytes]]:
        """(number, entry), a block a thousand, six hours between blocks; unsigned in all but form."""
        machine = self._begun()
        numbers = count(1)
        block = 0
        yield 0, self.first
        now = START
        for one, speaker in self._said(machine):
            data = entry_of(body_of(machine.id, one), (Signature(self._keys[speaker], bytes(64)),))
            machine.take(machine.judge(parse_entry(data), now, PROVEN_BEFORE))
            yield next(numbers), data
            block += 1
            if block == BLOCK:
                yield next(numbers), machine.end_block(now)
                block, now = 0, now + DAY // 4
            if machine.size >= most:
                break
        yield next(numbers), machine.end_block(now)

    def _begun(self) -> Machine:
        """The first entry is the only one whose signature the machine checks."""
        secret = SigningKey.generate()
        (operator, *others), rules = self._first
        public = bytes(secret.verify_key)
        self._keys["OP"] = key_id(public)
        members = (operator._replace(keys=((public, Purpose(7)),)), *others)
        body = body_of(b"", Genesis("ledger.example/bench", members, rules, START))
        self.first = entry_of(body, (Signature(key_id(public), secret.sign(DOMAIN + body).signature),))
        return Machine(self.first)

    def _said(self, machine: Machine) -> Iterator[tuple[Transaction, str]]:
        chance = Random(1)
        for at in range(RESELLERS):
            yield RegisterLot("OP", f"L{at}", LOT, bytes(32), "x", "open"), "OP"
            yield from _sold(machine, at, 0, LOT, "OP", f"R{at}")
        for start in range(0, LOT, 20):
            for at in range(RESELLERS):
                shop = f"S{chance.randrange(SHOPS)}"
                yield from _sold(machine, at, start, start + 20, f"R{at}", shop)
                asked = ActRequest(shop, (_held(machine, at, start, start + 20),), bytes(640))
                yield asked, shop
                request = sha256(body_of(machine.id, asked)).digest()
                bits = (1 << 20) - 1 if chance.random() < 0.9 else (1 << 19) - 1
                persons = secrets.token_bytes(12 * bits.bit_count())
                yield RnApprove("OP", request, bits.to_bytes(3, "little"), persons), "OP"
                yield Activate("OP", request), "OP"


def _held(machine: Machine, lot: int, start: int, end: int) -> Part:
    return Part(f"L{lot}", start, end, machine.state.spans.at(lot, start).cause)


def _sold(
    machine: Machine, lot: int, start: int, end: int, seller: str, buyer: str
) -> Iterator[tuple[Transaction, str]]:
    offer = Offer(seller, buyer, (_held(machine, lot, start, end),), START + 10**9, None)
    yield offer, seller
    yield Accept(buyer, sha256(body_of(machine.id, offer)).digest()), buyer


def booked(said: list[tuple[int, bytes]], figures: dict[str, Any]) -> FactorBook:
    """As `credit_factors.collected` does it, with the book's own share of the time."""
    book, own = FactorBook(), 0.0
    for step in replay(said):
        begin = time.process_time()
        book.take(step)
        own += time.process_time() - begin
    figures["entries_booked_per_s"] = round(len(said) / own)
    return book


def measure_credit(figures: dict[str, Any], entries: int) -> None:
    """From bytes to scores; then one score more of a book that is there."""
    said = list(Market().entries(entries))
    book, reading = timed(lambda: booked(said, figures))
    scores, scoring = timed(lambda: credit_of_all(book))
    present = Present(book)
    names = sorted(scores)[:100]
    _, single = timed(lambda: [credit(book, name, present=present) for name in names])
    figures |= {
        "entries": len(said),
        "organisations": len(scores),
        "entries_read_per_s": round(len(said) / reading),
        "all_scores_s": round(scoring, 2),
        "score_ms": round(1000 * single / len(names), 2),
        "scores_same_again": credit_of_all(book) == scores,
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lots", type=int, default=900, help="lots of a million cards")
    parser.add_argument("--spans", type=int, default=1_100, help="spans of a lot")
    parser.add_argument("--numbers", type=int, default=10_000_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--json", default="-", help="file for the figures; - is standard output")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    measure_breaks(figures, options.lots, options.spans)
    measure_reconciliation(figures, options.numbers)
    measure_credit(figures, options.entries)
    text = json.dumps(figures, indent=2)
    if options.json == "-":
        print(text)
    else:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
