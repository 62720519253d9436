"""The custody ledger: sales, activations, registrations, ways of cards, audit; appending beside a bare SQLite insert.

    python benchmarks/custody.py --json -

Everything is signed, checked, judged and durable (synced) before it counts. A sale is one entry that seller and buyer
both sign; `handshakes_per_s`: an offer and its acceptance, two entries. `_one_core`: without a pool for signatures.
`append_over_sqlite`: rows a second that the log takes, over what SQLite alone takes of the same rows in transactions of
the same size. `open_`: seconds for each 100,000 entries of all the sales and activations before, with and without the
snapshot that is kept beside them; `open_over_snapshot`: how much longer it takes without.
"""

import argparse
import json
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from tallyward.custody.adapters.ledger_file import _TABLES, LedgerFile, append
from tallyward.custody.adapters.proving import Prover
from tallyward.custody.adapters.snapshot_file import SnapshotFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import audit
from tallyward.custody.authority import Purpose
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.entry import body_of, parse_entry
from tallyward.custody.fields import Member, Part, Rules
from tallyward.custody.machine import Checked
from tallyward.custody.signing import signed
from tallyward.custody.tiles import Tree
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    Genesis,
    Offer,
    RegisterLot,
    RnApprove,
    Sale,
    Transaction,
)
from tallyward.kernel.clock import FixedClock

ORIGIN = "ledger.example/bench"
START = datetime(2026, 3, 1, tzinfo=UTC)
LATER = int(START.timestamp()) + 10**9
MILLION = 1_000_000
BATCH = 1_000
KEYS = {name: SigningKey.generate() for name in ("op", "names", "reseller", "shop", "log")}
RULES = Rules(
    "chain", (("operator", "reseller"), ("reseller", "retail"), ("operator", "retail")), ("retail",), 5, 1 << 40
)


class Bench:
    """A ledger of an operator, a reseller and a shop, and its figures."""

    def __init__(self, folder: Path) -> None:
        public = {name: bytes(key.verify_key) for name, key in KEYS.items()}
        members = (
            Member(
                "OP", "operator", "Operator", ((public["op"], Purpose.TRADE | Purpose.GOVERN), (public["names"], 2))
            ),
            Member("RES", "reseller", "Reseller", ((public["reseller"], 1),)),
            Member("SHOP", "retail", "Shop", ((public["shop"], 1),)),
        )
        self.path = folder / "ledger.db"
        genesis = signed(b"", Genesis(ORIGIN, members, (RULES,), int(START.timestamp())), KEYS["op"])
        self.ledger = SqliteLedger.create(self.path, genesis, KEYS["log"], FixedClock(START))
        self.figures: dict[str, Any] = {}

    def say(self, entries: list[bytes], prover: Prover | None = None) -> tuple[list[int], float]:
        """Submit in batches; (numbers, seconds). Nothing may be refused. With a prover on all cores, else on one."""
        answers = []
        batches = [entries[at : at + BATCH] for at in range(0, len(entries), BATCH)]
        begin = time.perf_counter()
        for batch, proven in prover.ahead(batches) if prover else ((one, set[Checked]()) for one in batches):
            answers += self.ledger.submit(batch, proven)
        seconds = time.perf_counter() - begin
        numbers = [one for one in answers if isinstance(one, int)]
        if len(numbers) != len(entries):
            raise SystemExit(str(next(one for one in answers if not isinstance(one, int))))
        return numbers, seconds

    def sign(self, one: Transaction, *keys: str) -> bytes:
        """An entry of this ledger."""
        return signed(self.ledger.machine.id, one, *(KEYS[key] for key in keys))


def register(bench: Bench) -> int:
    """900 lots of a million cards; the first one's number."""
    lots = [
        RegisterLot("OP", f"LOT-{one:06}", MILLION, secrets.token_bytes(32), "NB-IoT", "chain") for one in range(900)
    ]
    numbers, seconds = bench.say([bench.sign(one, "op") for one in lots])
    bench.figures["register_900_lots_s"] = round(seconds, 2)
    return numbers[0]


def sell(bench: Bench, first: int, sales: int) -> None:
    """A million cards at once, then parts of them from a reseller to a shop."""
    for lot, name, at_once in (
        (0, "sales_per_s_one_core", True),
        (2, "sales_per_s", True),
        (3, "handshakes_per_s", False),
    ):
        whole = Offer("OP", "RES", (Part(f"LOT-{lot:06}", 0, MILLION, first + lot),), LATER, secrets.token_bytes(32))
        entry = bench.sign(whole, "op")
        bench.figures["tx_bytes_1m_cards"] = len(entry)
        bench.say([entry])
        bought = bench.say([bench.sign(Accept("RES", parse_entry(entry).hash), "reseller")])[0][0]
        step = MILLION // sales
        parts = (Part(f"LOT-{lot:06}", at * step, at * step + step // 2, bought) for at in range(sales))
        if at_once:
            said = [[bench.sign(Sale("RES", "SHOP", (part,), None), "reseller", "shop") for part in parts]]
        else:
            offers = [bench.sign(Offer("RES", "SHOP", (part,), LATER, None), "reseller") for part in parts]
            said = [offers, [bench.sign(Accept("SHOP", parse_entry(one).hash), "shop") for one in offers]]
        with Prover(lambda: bench.ledger.machine) as prover:
            prover.proven(said[0][:BATCH])  # the processes begin
            seconds = sum(bench.say(entries, None if name.endswith("core") else prover)[1] for entries in said)
        bench.figures[name] = round(sales / seconds)


def activate(bench: Bench, first: int, cards: int) -> None:
    """Requests of a thousand cards each: asked for, approved for a person each, activated."""
    lot = Offer("OP", "SHOP", (Part("LOT-000001", 0, cards, first + 1),), LATER, None)
    bench.say([bench.sign(lot, "op")])
    held = bench.say([bench.sign(Accept("SHOP", hash_of(bench, lot)), "shop")])[0][0]
    step = 1_000
    entries: list[bytes] = []
    for start in range(0, cards, step):
        asked = ActRequest("SHOP", (Part("LOT-000001", start, start + step, held),), secrets.token_bytes(32 * step))
        named = hash_of(bench, asked)
        approved = RnApprove("OP", named, b"\xff" * (step // 8), secrets.token_bytes(12 * step))
        entries += [
            bench.sign(asked, "shop"),
            bench.sign(approved, "names"),
            bench.sign(Activate("OP", named), "names"),
        ]
    _, seconds = bench.say(entries)
    bench.figures["activations_per_s"] = round(cards / seconds)
    bench.figures["bytes_per_activation"] = round(sum(map(len, entries)) / cards, 1)


def hash_of(bench: Bench, one: Transaction) -> bytes:
    """By which others name a transaction."""
    return sha256(body_of(bench.ledger.machine.id, one)).digest()


def ask(bench: Bench, questions: int) -> None:
    """The way of single cards through the chain."""
    chain = bench.ledger.machine.state.spans.chain
    slots = [secrets.randbelow(MILLION) for _ in range(questions)]
    begin = time.perf_counter()
    for slot in slots:
        chain(0, slot)
    bench.figures["chain_queries_per_s"] = round(questions / (time.perf_counter() - begin))


def open_again(bench: Bench) -> None:
    """Opened by every entry, whereby a snapshot is kept; then by that."""
    machine = bench.ledger.machine
    bench.ledger.close()
    SnapshotFile(bench.path).path.unlink(missing_ok=True)
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        bench.ledger = SqliteLedger(bench.path, KEYS["log"], FixedClock(START))
        seconds.append((time.perf_counter() - begin) * 1e5 / machine.size)
        if bench.ledger.machine.state.root() != machine.state.root():
            raise SystemExit("it opened as another ledger")
        bench.ledger.close()
    bench.figures["open_s_per_100k_entries"] = round(seconds[0], 2)
    bench.figures["open_from_snapshot_s_per_100k_entries"] = round(seconds[1], 2)
    bench.figures["open_over_snapshot"] = round(seconds[0] / seconds[1], 1)
    begin = time.perf_counter()
    SnapshotFile(bench.path).keep(machine)
    bench.figures["keep_snapshot_s_per_100k_entries"] = round((time.perf_counter() - begin) * 1e5 / machine.size, 2)


def append_and_audit(bench: Bench, folder: Path, rows: int) -> None:
    """A million entries of a sale's size through the log and through SQLite alone; then the log's hashes checked."""
    body = secrets.token_bytes(260)
    entries = [body[: 256 - at % 7] + at.to_bytes(8, "big") for at in range(rows)]
    path = folder / "log.db"
    file = LedgerFile(path, read_only=False)
    file.db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {_TABLES}")

    def logged(start: int) -> None:
        append(file, ORIGIN, start, entries[start : start + BATCH], KEYS["log"], Tree(file.tile, start))

    ours = timed(logged, rows)
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE e (n INTEGER PRIMARY KEY, d BLOB)"
    )

    def inserted(start: int) -> None:
        bare.execute("BEGIN")
        bare.executemany("INSERT INTO e VALUES (?, ?)", enumerate(entries[start : start + BATCH], start))
        bare.execute("COMMIT")

    alone = timed(inserted, rows)
    bench.figures |= {"append_per_s": round(rows / ours), "append_over_sqlite": round(alone / ours, 2)}
    begin = time.perf_counter()
    faults, read = audit(file, NoteKey(ORIGIN, bytes(KEYS["log"].verify_key)), rules=False)
    bench.figures["audit_1m_s"] = round((time.perf_counter() - begin) * MILLION / read, 2)
    bench.figures["audit_clean"] = not faults
    file.close()
    bare.close()


def timed(step: Callable[[int], None], rows: int) -> float:
    """Seconds of all batches."""
    begin = time.perf_counter()
    for start in range(0, rows, BATCH):
        step(start)
    return time.perf_counter() - begin


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sales", type=int, default=20_000)
    parser.add_argument("--entries", type=int, default=MILLION, help="entries that are appended and audited")
    parser.add_argument("--json", default="-", help="file for the figures; - is standard output")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        first = register(bench)
        sell(bench, first, options.sales)
        activate(bench, first, 100_000)
        ask(bench, 100_000)
        open_again(bench)
        append_and_audit(bench, Path(folder), options.entries)
        text = json.dumps(bench.figures, indent=2)
    if options.json == "-":
        print(text)
    else:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
