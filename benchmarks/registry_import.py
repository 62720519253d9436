"""Bulk import of cards on SQLite beside a bare `executemany` of the same rows into the same table, in one run.

The bare insert checks nothing, resolves nothing and compares nothing: it is the floor. Ours reads the CSV file, checks
every cell, resolves eight references a row, finds what is new, and commits with audit entries and durable writes.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.clock import SystemClock
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.adapters.sql_bulk import SqlBulk
from tallyward.registry.adapters.sql_registry import sql_registry
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.adapters.table_writer import write_table
from tallyward.registry.columns import Kind
from tallyward.registry.importing import BulkRegistry
from tallyward.registry.service import RegistryService
from tallyward.wiring.migrate import upgrade

_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])
_REFERENCE = {
    Kind.ENTERPRISES: "code,name,kind\nop,Operator,operator\n"
    + "".join(f"user-{number},User {number},industry_user\n" for number in range(40)),
    Kind.CLASSES: "code,title_en,title_zh,month_bytes,max_peers\nmeter,Meter,表计卡,30000000,4\n",
    Kind.AREAS: "code,title_en,title_zh,fraud_prone,plmns\nCN-32,Jiangsu,江苏,,46000\n",
    Kind.CELLS: "cgi,area,latitude,longitude\n"
    + "".join(
        f"460-00-1-{number},CN-32,{31 + number / 9000:.5f},{118 + number / 7000:.5f}\n" for number in range(5000)
    ),
    Kind.GROUP_LISTS: "enterprise,code,kind,entry\n"
    + "".join(f"user-{number},net,ipv4,10.{number}.0.0/16\n" for number in range(40)),
}


def write_cards(path: Path, cards: int) -> None:
    """A file of `cards` good rows in random order of numbers, as a fleet's would be."""
    number = np.random.default_rng(1).permutation(cards).astype(np.int64)
    body = 898_600_000_000_000_000 + number
    digits = (body[:, None] // 10 ** np.arange(18, dtype=np.int64)) % 10
    total = _DOUBLED[digits[:, ::2]].sum(axis=1) + digits[:, 1::2].sum(axis=1)
    code = np.char.mod("user-%d", number % 40)
    constant = dict.fromkeys(("voice", "sms"), pa.array(["none"] * cards))
    table = pa.table(
        {
            "iccid": pa.array(body * 10 + (-total) % 10),
            "imsi": pa.array(460_000_000_000_000 + number),
            "msisdn": pa.array(8_614_400_000_000 + number),
            "operator": pa.array(["op"] * cards),
            "enterprise": pa.array(code),
            "card_class": pa.array(["meter"] * cards),
            **constant,
            "data": pa.array(["directed"] * cards),
            "data_list": pa.array(["net"] * cards),
            "roaming": pa.array(number % 10 == 0),
            "fixed": pa.array(number % 3 == 0),
            "home_area": pa.array(["CN-32"] * cards),
            "home_cell": pa.array(np.char.mod("460-00-1-%d", number % 5000)),
            "real_name": pa.array(["active"] * cards),
            "max_peers": pa.array(np.where(number % 10, 0, 6), mask=number % 10 > 0),
        }
    )
    csv.write_csv(table, path)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def bare_insert(database: Path, rows: list[tuple[Any, ...]]) -> None:
    """One transaction, one prepared statement, the same table with the same indexes."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA cache_size=-262144")
    connection.execute("DELETE FROM binding")
    connection.execute("DELETE FROM card")
    connection.commit()
    start = time.perf_counter()
    connection.executemany(f"INSERT INTO card VALUES ({','.join('?' * len(rows[0]))})", rows)
    connection.commit()
    print(f"  bare insert {time.perf_counter() - start:.1f} s", file=sys.stderr)
    connection.close()


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures = run(Path(name), options.cards)
    text = json.dumps(figures, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


def run(folder: Path, cards: int) -> dict[str, float]:
    """All figures of one run in `folder`."""
    engine = open_engine(f"sqlite:///{folder / 'state.sqlite3'}")
    upgrade(engine)
    sessions = scoped_sessions(engine)
    bulk = BulkRegistry(SqlBulk(sessions), SystemClock(), open_table, write_table)
    for kind, text in _REFERENCE.items():
        file = folder / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        assert not bulk.import_table(PLATFORM, kind, file).rejected_count
    file = folder / "cards.csv"
    write_cards(file, cards)
    ours, report = timed(lambda: bulk.import_table(PLATFORM, Kind.CARDS, file))
    assert (report.added, report.rejected_count) == (cards, 0), report
    again, report = timed(lambda: bulk.import_table(PLATFORM, Kind.CARDS, file))
    assert (report.unchanged, report.changed, report.added) == (cards, 0, 0), report
    registry = RegistryService(sql_registry(sessions), SystemClock())
    directory, _ = timed(registry.directory)
    profiles, _ = timed(lambda: registry.export_profiles(folder / "profiles"))
    export, _ = timed(lambda: bulk.export_table(PLATFORM, Kind.CARDS, folder / "out.parquet"))
    count, _ = timed(lambda: registry.count_cards(PLATFORM))
    with sessions.reading(EVERYTHING) as session:
        rows = [tuple(row) for row in session.connection().exec_driver_sql("SELECT * FROM card ORDER BY id")]
    engine.dispose()
    bare, _ = timed(lambda: bare_insert(folder / "state.sqlite3", rows))
    return {
        "cards": cards,
        "seconds": round(ours, 2),
        "rows_per_s": round(cards / ours),
        "bare_seconds": round(bare, 2),
        "bare_rows_per_s": round(cards / bare),
        "times_bare_insert": round(ours / bare, 2),
        "again_seconds": round(again, 2),
        "directory_seconds": round(directory, 2),
        "profiles_seconds": round(profiles, 2),
        "export_seconds": round(export, 2),
        "count_seconds": round(count, 2),
    }


if __name__ == "__main__":
    main()
