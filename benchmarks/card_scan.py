"""One traversal for all seven card rules, beside a bare scan, plain SQL and pandas, in one run.

    python benchmarks/card_scan.py --cards 1000000 --json -

Makes (or uses again) a simulated day of about 11.6 records a card: 3.3 % of the cards nearly have a fault, 0.16 % have
one (`--fault-share 1`: 1.5 %, as in the demo; then half of the work is explaining what was found). Each plan runs in a
process of its own, by turns, `--repeats` times after one warming run; CPU seconds are of the scan alone, medians are
told.

floor    DuckDB's max() over the columns that the scan reads: the least a scan can cost
ours     the full scan: all rules, findings with evidence and explanation, coverage
plain    the seven rules as an analyst writes them in SQL, each alone (summed), and all in one query
pandas   the same rules on data frames

`cpu_over_floor` is ours over floor, `speedup_over_plain_sql` the faster of the two plain ways over ours.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.peer_ranges import ipv4_range, number_range
from tallyward.detect.service import CardScan
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef, Snapshot
from tallyward.records.schema import KM_PER_DEGREE, TAG_SHIFT, SubscriberTag
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import PROFILE, ProfileSnapshot
from tallyward.simulate import benchmark

THREADS = 2
NEEDED = ("card_id", "ts", "dur", "svc", "imei", "peer", "up", "dn", "cell", "area", "src")
"""What the scan reads of each record."""
RULES = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
Flags = set[tuple[int, str]]


@dataclass(frozen=True)
class Day:
    """A written day: where its files are."""

    folder: Path
    day: date
    records: int
    cards: int
    segments: tuple[tuple[int, Path, int], ...]

    @property
    def files(self) -> list[str]:
        """All segments."""
        return [str(path) for _, path, _ in self.segments]

    @property
    def profiles(self) -> ProfileSnapshot:
        """The registry's side."""
        buckets = {int(path.stem.split("-")[1]): path for path in self.folder.glob("profiles-*.parquet")}
        names = (self.folder / f"{name}.parquet" for name in ("list_entries", "areas", "cells"))
        return ProfileSnapshot(1, self.cards, buckets, *names)

    def snapshot(self, day: date) -> Snapshot:
        """As the records room would list it."""
        refs = (
            SegmentRef(SegmentId(at), path, day, bucket, rows, 0, 0, "")
            for at, (bucket, path, rows) in enumerate(self.segments)
        )
        return Snapshot(1, day, tuple(refs) if day == self.day else ())

    def truth(self) -> Flags:
        """(card, rule) of every planted fault of R1 to R7."""
        table = pq.read_table(self.folder / "truth.parquet")
        return set(zip(table["card_id"].to_pylist(), table["rule"].to_pylist(), strict=True))


def write_day(folder: Path, cards: int, seed: int, fault_share: float) -> None:
    """Simulate a day, unless it was written before."""
    note = folder / "day.json"
    if note.is_file() and json.loads(note.read_text(encoding="utf-8")).get("profile") == PROFILE.names:
        return
    print(f"simulating {cards:,} cards under {folder}", file=sys.stderr)
    made = benchmark.write(folder, cards, seed, fault_share=fault_share)
    pq.write_table(made.truth_flags, folder / "truth.parquet")
    told = {
        "day": made.day.isoformat(),
        "records": made.records,
        "profile": PROFILE.names,
        "segments": [[bucket, path.name, rows] for bucket, path, rows in made.segments],
    }
    note.write_text(json.dumps(told), encoding="utf-8")


def read_day(folder: Path, cards: int) -> Day:
    """A day written before."""
    told = json.loads((folder / "day.json").read_text(encoding="utf-8"))
    segments = tuple((bucket, folder / name, rows) for bucket, name, rows in told["segments"])
    return Day(folder, date.fromisoformat(told["day"]), told["records"], cards, segments)


class BenchRecords:
    """What the scan asks of the records room, over the written files."""

    def __init__(self, day: Day) -> None:
        self._day = day

    def snapshot(self, day: date) -> Snapshot:
        """The day's segments."""
        return self._day.snapshot(day)

    def days(self) -> tuple[date, ...]:
        """The one day."""
        return (self._day.day,)

    def peer_codes(self, kind: PeerKind, texts: Iterable[str]) -> NDArray[np.uint64]:
        """The simulated lists hold addresses and numbers only, which need no dictionary."""
        raise NotImplementedError(kind, texts)

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        """Peers by number."""
        return [str(code) for code in codes]

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        """Unknown cards by number."""
        low = (1 << TAG_SHIFT) - 1
        return [(SubscriberTag(code >> TAG_SHIFT), str(code & low)) for code in codes]

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        """Unknown cells by number."""
        return [str(cell) for cell in cells]


def connect(day: Day) -> duckdb.DuckDBPyConnection:
    """DuckDB as the plain plans use it."""
    engine = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    engine.execute(f"CREATE VIEW r AS FROM read_parquet({day.files})")
    engine.execute(f"CREATE VIEW p AS FROM read_parquet({[str(path) for path in day.profiles.profiles.values()]})")
    engine.execute(f"CREATE TABLE area AS FROM read_parquet('{day.profiles.areas}')")
    engine.execute(f"CREATE TABLE cell AS FROM read_parquet('{day.profiles.cells}')")
    entries = pq.read_table(day.profiles.list_entries).to_pylist()
    ranges = [
        (ipv4_range if entry["kind"] == PeerKind.IPV4 else number_range)(entry["list_id"], entry["text"])
        for entry in entries
    ]
    columns = {"list_id": [one.list for one in ranges]}
    columns |= {"low": [int(one.low) for one in ranges], "high": [int(one.high) for one in ranges]}
    types = pa.schema([("list_id", pa.uint32()), ("low", pa.uint64()), ("high", pa.uint64())])
    offered = pa.table(columns, types)
    engine.register("offered", offered)
    engine.execute("CREATE TABLE entry AS FROM offered")
    return engine


_DIRECTED = " UNION ALL ".join(
    f"SELECT card_id, {name}_list AS list_id, peer FROM r JOIN p USING (card_id) "
    f"WHERE svc = {svc} AND {name}_mode = 1 AND {name}_list <> 0 AND peer <> 0"
    for svc, name in enumerate(("data", "sms", "voice"))
)
_BOX = "SELECT imei FROM r JOIN p USING (card_id) WHERE imei <> 0 AND imei <> imei_bound GROUP BY imei"
_SPAN = f"""greatest((max(lat) - min(lat)) * {KM_PER_DEGREE},
    (max(lon) - min(lon)) * {KM_PER_DEGREE} * cos(radians((max(lat) + min(lat)) / 2)))"""
PLAIN = {
    "R1": """SELECT DISTINCT card_id FROM r JOIN p USING (card_id)
        WHERE (svc = 0 AND data_mode = 0) OR (svc = 1 AND sms_mode = 0) OR (svc = 2 AND voice_mode = 0)""",
    "R2": f"""SELECT DISTINCT card_id FROM ({_DIRECTED}) d
        WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.list_id = d.list_id AND d.peer BETWEEN e.low AND e.high)""",
    "R3": """SELECT DISTINCT card_id FROM r JOIN p USING (card_id) JOIN area USING (area)
        WHERE fraud_prone AND roam_ok = 0 AND home_area <> 0 AND area <> home_area""",
    "R4": f"""SELECT DISTINCT card_id FROM r JOIN p USING (card_id)
        WHERE imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound)
            OR (imei_bound = 0 AND imei IN ({_BOX} HAVING count(DISTINCT card_id) >= 8)))
        UNION SELECT card_id FROM r JOIN p USING (card_id) WHERE imei <> 0 GROUP BY card_id
            HAVING count(DISTINCT imei) > any_value(coalesce(max_imeis, 3))""",
    "R5": f"""SELECT card_id FROM r JOIN p USING (card_id) LEFT JOIN cell USING (cell)
        WHERE fixed = 1 AND cell <> 0 GROUP BY card_id
        HAVING count(DISTINCT cell) > any_value(coalesce(max_cells, 4)) OR {_SPAN} > 50""",
    "R6": """SELECT card_id FROM r JOIN p USING (card_id) GROUP BY card_id
        HAVING sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(day_bytes, 2147483648))
            OR sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(month_bytes, 32212254720))
            OR count(DISTINCT peer) FILTER (peer <> 0) > any_value(coalesce(max_peers, 64))""",
    "R7": "SELECT DISTINCT card_id FROM r JOIN p USING (card_id) WHERE rn_active = 0",
}
PLAIN_ALL = f"""WITH off AS ({PLAIN["R2"]}), box AS ({_BOX} HAVING count(DISTINCT card_id) >= 8), a AS (
    SELECT card_id,
        bool_or((svc = 0 AND data_mode = 0) OR (svc = 1 AND sms_mode = 0) OR (svc = 2 AND voice_mode = 0)) AS r1,
        bool_or(card_id IN (FROM off)) AS r2,
        bool_or(fraud_prone AND roam_ok = 0 AND home_area <> 0 AND area <> home_area) AS r3,
        bool_or(imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound) OR (imei_bound = 0 AND imei IN (FROM box))))
            OR count(DISTINCT imei) FILTER (imei <> 0) > any_value(coalesce(max_imeis, 3)) AS r4,
        any_value(fixed) = 1 AND (count(DISTINCT r.cell) FILTER (r.cell <> 0) > any_value(coalesce(max_cells, 4))
            OR {_SPAN} > 50) AS r5,
        sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(day_bytes, 2147483648))
            OR sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(month_bytes, 32212254720))
            OR count(DISTINCT peer) FILTER (peer <> 0) > any_value(coalesce(max_peers, 64)) AS r6,
        any_value(rn_active) = 0 AS r7
    FROM r JOIN p USING (card_id) LEFT JOIN area USING (area) LEFT JOIN cell ON cell.cell = r.cell GROUP BY card_id)
    SELECT card_id, unnest([{", ".join(f"CASE WHEN r{n} THEN 'R{n}' END" for n in range(1, 8))}]) AS rule FROM a
    WHERE r1 OR r2 OR r3 OR r4 OR r5 OR r6 OR r7"""


def floor(day: Day) -> Callable[[], Flags]:
    """The bare scan."""
    engine = connect(day)
    sql = f"SELECT {', '.join(f'max({name})' for name in NEEDED)} FROM r"

    def run() -> Flags:
        engine.execute(sql).fetchall()
        return set()

    return run


def ours(day: Day) -> Callable[[], Flags]:
    """The product's scan."""
    scan = CardScan(DuckDbTraversal(), BenchRecords(day), lambda: day.profiles, RuleBook.load())

    def run() -> Flags:
        report = scan.run(day.day)
        if not report.coverage.complete or report.coverage.records_in != day.records:
            raise SystemExit(f"not every record was read: {report.coverage}")
        return {(int(one.card), one.rule) for one in report.findings if one.rule in RULES}

    return run


def plain(rule: str) -> Callable[[Day], Callable[[], Flags]]:
    """One rule alone in SQL."""

    def prepare(day: Day) -> Callable[[], Flags]:
        engine = connect(day)
        return lambda: {(card, rule) for (card,) in engine.execute(PLAIN[rule]).fetchall()}

    return prepare


def plain_all(day: Day) -> Callable[[], Flags]:
    """All rules in one plain query."""
    engine = connect(day)
    return lambda: {(card, rule) for card, rule in engine.execute(PLAIN_ALL).fetchall() if rule}


def pandas_peer(day: Day) -> Callable[[], Flags]:
    """All rules on data frames: read everything, join everything, group."""
    import pandas as pd  # noqa: PLC0415  only this plan needs it

    def run() -> Flags:
        profiles = pd.concat([pd.read_parquet(path) for path in day.profiles.profiles.values()])
        r = pd.concat([pd.read_parquet(file, columns=list(NEEDED)) for file in day.files]).merge(profiles, on="card_id")
        prone = pd.read_parquet(day.profiles.areas).query("fraud_prone")["area"]
        flags: dict[str, Any] = {}
        mode = np.select([r.svc == 0, r.svc == 1, r.svc == 2], [r.data_mode, r.sms_mode, r.voice_mode], 9)
        flags["R1"] = r.card_id[mode == 0]
        listed = np.select([r.svc == 0, r.svc == 1, r.svc == 2], [r.data_list, r.sms_list, r.voice_list], 0)
        flags["R2"] = _off_list(day, r.card_id, r.peer, listed, (mode == 1) & (listed != 0) & (r.peer != 0))
        flags["R3"] = r.card_id[r.area.isin(prone) & (r.roam_ok == 0) & (r.home_area != 0) & (r.area != r.home_area)]
        strange = r[(r.imei != 0) & (r.imei != r.imei_bound)]
        crowd = strange.groupby("imei").card_id.nunique()
        boxed = strange.imei.isin(crowd.index[crowd >= 8]) | (strange.imei_bound != 0)
        imeis = r[r.imei != 0].groupby("card_id").agg(n=("imei", "nunique"), limit=("max_imeis", "first"))
        hop = imeis.index[imeis.n > imeis.limit.fillna(3)]
        flags["R4"] = np.concatenate([strange.card_id[boxed], hop])
        cells = pd.read_parquet(day.profiles.cells)
        f = r[(r.fixed == 1) & (r.cell != 0)].merge(cells[["cell", "lat", "lon"]], on="cell", how="left")
        g = f.groupby("card_id").agg(
            n=("cell", "nunique"), limit=("max_cells", "first"), a=("lat", "min"), b=("lat", "max"),
            c=("lon", "min"), d=("lon", "max"),
        )  # fmt: skip
        east = (g.d - g.c) * KM_PER_DEGREE * np.cos(np.radians((g.a + g.b) / 2))
        span = np.fmax((g.b - g.a) * KM_PER_DEGREE, east)
        flags["R5"] = g.index[(g.n > g.limit.fillna(4)) | (span > 50)]
        r["bytes"] = r.up.astype("int64") + r.dn
        u = r.groupby("card_id").agg(
            used=("bytes", "sum"),
            day=("day_bytes", "first"),
            month=("month_bytes", "first"),
            most=("max_peers", "first"),
        )
        peers = r[r.peer != 0].groupby("card_id").peer.nunique().reindex(u.index, fill_value=0)
        over = (u.used > u.day.fillna(2147483648)) | (u.used > u.month.fillna(32212254720))
        flags["R6"] = u.index[over | (peers > u.most.fillna(64))]
        flags["R7"] = r.card_id[r.rn_active == 0]
        return {(int(card), rule) for rule, cards in flags.items() for card in np.unique(cards)}

    return run


def _off_list(day: Day, cards: Any, peers: Any, lists: Any, directed: Any) -> Any:  # noqa: ANN401  data frames' columns
    """Cards with a directed record whose peer no entry of the list covers."""
    engine = connect(day)
    entries = engine.execute("SELECT list_id, low, high FROM entry").fetchnumpy()
    card, peer, own = (np.asarray(column)[directed] for column in (cards, peers, lists))
    covered = np.zeros(len(card), bool)
    for number in np.unique(own):
        mine = np.flatnonzero(own == number)
        for at in np.flatnonzero(entries["list_id"] == number):
            covered[mine] |= (peer[mine] >= entries["low"][at]) & (peer[mine] <= entries["high"][at])
    return card[~covered]


PLANS: dict[str, Callable[[Day], Callable[[], Flags]]] = {
    "floor": floor,
    "ours": ours,
    **{f"plain {rule}": plain(rule) for rule in RULES},
    "plain all": plain_all,
    "pandas": pandas_peer,
}


def measure(plan: str, day: Day) -> dict[str, Any]:
    """Run one plan twice in this process; the second run counts."""
    run = PLANS[plan](day)
    run()
    began, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    flags = run()
    ended = resource.getrusage(resource.RUSAGE_SELF)
    wanted = {flag for flag in day.truth() if plan in {"ours", "plain all", "pandas"} or flag[1] == plan[-2:]}
    return {
        "cpu": ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime,
        "wall": time.perf_counter() - wall,
        "peak_mb": ended.ru_maxrss / 1024,
        "missed": len(wanted - flags),
        "false": len(flags - wanted),
    }


def in_child(plan: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure a plan in a process of its own."""
    command = [sys.executable, __file__, "--cards", str(options.cards), "--seed", str(options.seed)]
    command += ["--fault-share", str(options.fault_share)]
    done = subprocess.run(  # noqa: S603  ourselves
        [*command, "--folder", str(options.folder), "--plan", plan], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{plan} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def told_together(runs: dict[str, list[dict[str, Any]]], records: int, cards: int, flagged: int) -> dict[str, Any]:
    """The figures of all runs: medians of CPU seconds, ratios of medians."""
    cpu = {plan: statistics.median(run["cpu"] for run in of) for plan, of in runs.items()}
    alone = sum(cpu[f"plain {rule}"] for rule in RULES)
    exact = {plan: not any(run["missed"] or run["false"] for run in of) for plan, of in runs.items() if plan != "floor"}
    return {
        "cards": cards,
        "cards_with_faults": flagged,
        "records": records,
        "records_per_s": round(records / statistics.median(run["wall"] for run in runs["ours"])),
        "cpu_over_floor": round(cpu["ours"] / cpu["floor"], 2),
        "speedup_over_plain_sql": round(min(alone, cpu["plain all"]) / cpu["ours"], 2),
        "speedup_over_plain_sql_each_alone": round(alone / cpu["ours"], 2),
        "speedup_over_plain_sql_in_one": round(cpu["plain all"] / cpu["ours"], 2),
        "speedup_over_pandas": round(cpu["pandas"] / cpu["ours"], 2) if "pandas" in cpu else None,
        "peak_mb": round(max(run["peak_mb"] for run in runs["ours"])),
        "exact": exact["ours"],
        "exact_peers": {plan: right for plan, right in exact.items() if plan != "ours"},
        "cpu_seconds": {plan: round(seconds, 2) for plan, seconds in cpu.items()},
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--fault-share",
        type=float,
        default=0.1,
        help="how many of the demo's faults are planted; 1: 1.5 %% of all cards, 0.1 (default): 0.16 %%",
    )
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    parser.add_argument("--no-pandas", action="store_true", help="leave the peer that needs most memory out")
    parser.add_argument("--json", help="file for the figures; - is standard output")
    parser.add_argument("--plan", choices=PLANS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder / f"cards-{options.cards}-seed-{options.seed}-faults-{options.fault_share:g}"
    if options.plan:
        print(json.dumps(measure(options.plan, read_day(folder, options.cards))))
        return
    write_day(folder, options.cards, options.seed, options.fault_share)
    day = read_day(folder, options.cards)
    runs: dict[str, list[dict[str, Any]]] = {}
    for turn in range(options.repeats):
        for plan in PLANS:
            if plan == "pandas" and (options.no_pandas or turn):
                continue  # once is enough for the slowest
            runs.setdefault(plan, []).append(in_child(plan, options))
            print(f"{turn + 1}/{options.repeats} {plan}: {runs[plan][-1]}", file=sys.stderr)
    text = json.dumps(told_together(runs, day.records, options.cards, len({card for card, _ in day.truth()})), indent=2)
    if options.json and options.json != "-":
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
