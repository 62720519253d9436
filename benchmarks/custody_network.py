"""Four validators of the custody ledger on this machine, beside CometBFT's own key-value application on the same four.

    python benchmarks/custody_network.py --json -

Transactions are signed sales of the ledger, and pairs of as many bytes for the key-value application, which checks no
signature and keeps nothing in order: its figure is what the engine alone bears here. Each is given to one of the four
and counts when it stands in a block. `failover_s`: the longest time that a transaction waits for its block after one
validator of four was killed; `wait_s`: the longest one before that. All nodes share this machine's cores.
"""

import argparse
import json
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from machine import machine

from tallyward.custody.adapters.abci_server import LEDGER
from tallyward.custody.adapters.cometbft_network import Network
from tallyward.custody.adapters.cometbft_node import Node, find_cometbft
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.entry import DOMAIN, Signature, body_of, entry_of, key_id, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.transactions import Accept, Activate, ActRequest, Offer, RegisterLot, RnApprove, Transaction
from tallyward.custody.trial import RULES
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import TallywardError

VALIDATORS = 4
BATCH = 500
CARDS = 1_000
LATER = 1 << 40
_PATIENCE = 300.0


class BuiltIn(Node):
    """A node whose application is one that CometBFT has built in."""

    def launch(self) -> None:
        """There is no process beside it."""
        settings = self.seat.home / "config" / "config.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace('"unix://app.sock"', '"kvstore"'), encoding="utf-8")
        (self.seat.home / "app.sock").touch()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.engine is not None and self.engine.poll() is None


class Chain:
    """A running network, and how many of its transactions stand in blocks."""

    def __init__(self, network: Network) -> None:
        """Count from the first block on."""
        self.network = network
        self.nodes = list(network.nodes.values())
        self._rpc = CometRpc(self.nodes[0].seat.address, 60)
        self._height = 0
        self._refused: list[str] = []
        self.counted = 0

    def count(self) -> int:
        """Transactions in all blocks so far."""
        while (newest := self._rpc.status().height) > self._height:
            last = min(newest, self._height + 20)
            found = self._rpc.call("blockchain", minHeight=str(self._height + 1), maxHeight=str(last))
            self.counted += sum(int(one["num_txs"]) for one in found["block_metas"])
            self._height = last
        return self.counted

    def close(self) -> None:
        """Let go of the connection."""
        self._rpc.close()

    def commit(self, entries: Sequence[bytes]) -> float:
        """Give transactions to all nodes at once; seconds until all stand in blocks."""
        start = self.count()
        begin = time.perf_counter()
        senders = [
            threading.Thread(target=self._send, args=(node, entries[at :: len(self.nodes)]))
            for at, node in enumerate(self.nodes)
        ]
        for one in senders:
            one.start()
        while self.count() < start + len(entries):
            time.sleep(0.02)
            if self._refused or time.perf_counter() - begin > _PATIENCE:
                said = self._refused[:1] or f"{self.counted - start} of {len(entries)} stand in blocks"
                raise SystemExit(f"the benchmark's transactions were not all taken: {said}")
        seconds = time.perf_counter() - begin
        for one in senders:
            one.join()
        return seconds

    def _send(self, node: Node, entries: Sequence[bytes]) -> None:
        try:
            with closing(CometRpc(node.seat.address, _PATIENCE)) as rpc:
                for at in range(0, len(entries), BATCH):
                    self._refused += [one.why for one in rpc.post(entries[at : at + BATCH]) if one.code]
        except TallywardError as refusal:
            self._refused.append(str(refusal))

    def waits(self, entries: Sequence[bytes]) -> list[float]:
        """Seconds that each transaction waits for its block, one after the other."""
        found = []
        for one in entries:
            start, begin = self.count(), time.perf_counter()
            with closing(CometRpc(self.nodes[0].seat.address, 60)) as rpc:
                rpc.post([one])
            while self.count() == start:
                time.sleep(0.005)
            found.append(time.perf_counter() - begin)
        return found


def faults(chain: Chain, make: Callable[[int], list[bytes]], figures: dict[str, Any]) -> None:
    """Single transactions before and after one validator's death."""
    before = chain.waits(make(30))
    chain.nodes[-1].kill()
    after = chain.waits(make(30))
    figures["latency_s"] = round(statistics.median(before), 3)
    figures["wait_s"] = round(max(before), 3)
    figures["latency_one_down_s"] = round(statistics.median(after), 3)
    figures["failover_s"] = round(max(after), 3)


class Ledger:
    """What organisations of the trial sign."""

    def __init__(self, network: Network) -> None:
        """Their keys."""
        self.id = Machine(network.genesis).id
        self.keys = {one.name: one.sign for one in network.organisations}
        self._lots = 0

    def sign(self, one: Transaction, who: str) -> bytes:
        """An entry."""
        body, key = body_of(self.id, one), self.keys[who]
        return entry_of(body, (Signature(key_id(bytes(key.verify_key)), key.sign(DOMAIN + body).signature),))

    def lots(self, count: int) -> list[bytes]:
        """Registrations of lots of a million cards."""
        self._lots += count
        names = (f"LOT-{one:06}" for one in range(self._lots - count, self._lots))
        return [
            self.sign(RegisterLot("ORG1", one, 1_000_000, secrets.token_bytes(32), "NB-IoT", RULES.id), "ORG1")
            for one in names
        ]


def numbers(node: Node) -> dict[bytes, int]:
    """The number of each entry of a node, which has it by now."""
    with closing(LedgerFile(node.seat.home / LEDGER)) as file:
        return {data: number for number, data in file.entries()}


def ledger(chain: Chain, count: int, cards: int, figures: dict[str, Any]) -> None:
    """Sales, activations of cards in batches, single transactions."""
    said = Ledger(chain.network)
    lots = said.lots(2)
    chain.commit(lots)
    known = settled(chain, lots)
    first, second = (known[one] for one in lots)
    whole = said.sign(Offer("ORG1", "ORG2", (Part("LOT-000000", 0, 1_000_000, first),), LATER, None), "ORG1")
    stock = said.sign(Offer("ORG1", "ORG3", (Part("LOT-000001", 0, cards, second),), LATER, None), "ORG1")
    chain.commit([whole, stock])
    taken = [said.sign(Accept(who, parse_entry(one).hash), who) for who, one in (("ORG2", whole), ("ORG3", stock))]
    settled(chain, [whole, stock])
    chain.commit(taken)
    known = settled(chain, taken)
    step = 1_000_000 // count
    parts = [Part("LOT-000000", at * step, at * step + step // 2, known[taken[0]]) for at in range(count)]
    sales = [said.sign(Offer("ORG2", "ORG3", (part,), LATER, None), "ORG2") for part in parts]
    figures["bytes"] = len(sales[0])
    figures["transactions_per_s"] = round(count / chain.commit(sales), 1)
    settled(chain, sales)
    figures["cards_per_s"] = round(cards / activated(chain, said, cards, known[taken[1]]))
    faults(chain, said.lots, figures)


def activated(chain: Chain, said: Ledger, cards: int, held: int) -> float:
    """Seconds in which cards are asked for, approved for a person each and activated, a thousand a transaction."""
    asked = [
        ActRequest("ORG3", (Part("LOT-000001", at, at + CARDS, held),), secrets.token_bytes(32 * CARDS))
        for at in range(0, cards, CARDS)
    ]
    requests = [said.sign(one, "ORG3") for one in asked]
    named = [parse_entry(one).hash for one in requests]
    approved = [
        said.sign(RnApprove("ORG1", one, b"\xff" * (CARDS // 8), secrets.token_bytes(12 * CARDS)), "ORG1")
        for one in named
    ]
    done = [said.sign(Activate("ORG1", one), "ORG1") for one in named]
    seconds = 0.0
    for wave in (requests, approved, done):
        seconds += chain.commit(wave)
        begin = time.perf_counter()
        settled(chain, wave)
        seconds += time.perf_counter() - begin
    return seconds


def settled(chain: Chain, entries: list[bytes]) -> dict[bytes, int]:
    """The numbers of entries once all nodes have them; one that was refused would never come."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = [numbers(node) for node in chain.nodes]
        if all(one in each for one in entries for each in found):
            return found[0]
        time.sleep(0.05)
    raise SystemExit("a transaction of the benchmark was refused")


def key_value(chain: Chain, count: int, size: int, figures: dict[str, Any]) -> None:
    """Pairs of as many bytes as a sale has, then single ones."""

    def pairs(number: int) -> list[bytes]:
        return [f"{secrets.token_hex(8)}={secrets.token_hex(size)}"[:size].encode() for _ in range(number)]

    chain.commit(pairs(10))
    figures["transactions_per_s"] = round(count / chain.commit(pairs(count)), 1)
    faults(chain, pairs, figures)


@contextmanager
def running(folder: Path, *, built_in: bool) -> Iterator[Chain]:
    """Four validators."""
    network = Network.trial(folder, VALIDATORS, SystemClock())
    if built_in:
        network.nodes = {name: BuiltIn(node.seat, find_cometbft()) for name, node in network.nodes.items()}
    try:
        network.start()
        with closing(Chain(network)) as chain:
            while True:
                with suppress(TallywardError):
                    if chain.count() >= 0 and chain.nodes[0].alive:
                        break
                time.sleep(0.2)
            yield chain
    finally:
        network.kill()


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transactions", type=int, default=4_000)
    parser.add_argument("--cards", type=int, default=100_000, help="cards that are activated")
    parser.add_argument("--json", default="-", help="file for the figures; - is standard output")
    options = parser.parse_args()
    figures: dict[str, Any] = {"validators": VALIDATORS, "machine": machine()}
    peer: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        with running(Path(folder) / "ledger", built_in=False) as chain:
            ledger(chain, options.transactions, options.cards, figures)
        with running(Path(folder) / "kvstore", built_in=True) as chain:
            key_value(chain, options.transactions, figures["bytes"], peer)
    figures |= {f"kvstore_{name}": value for name, value in peer.items()}
    figures["transactions_over_kvstore"] = round(figures["transactions_per_s"] / peer["transactions_per_s"], 2)
    text = json.dumps(figures, indent=2)
    if options.json == "-":
        print(text)
    else:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
