"""One traversal for all seven card rules, beside a bare scan and five other ways to do it, in one run.

    python benchmarks/card_scan.py --cards 1000000 --json -

Makes (or uses again) a simulated day of about 11.6 records a card: 3.3 % of the cards nearly have a fault, 0.16 % have
one (`--fault-share 1`: 1.5 %, as in the demo; then half of the work is explaining what was found). Each plan runs in a
process of its own, by turns, `--repeats` times after one warming run each; CPU seconds are of the scan alone, medians
are told. A peer that is not installed, passes a limit of memory or time, or fails is left out with the reason.

floor     DuckDB's max() over the columns that the scan reads: the least a scan can cost
ours      the full scan: all rules, findings with evidence and explanation, coverage
others    the same rules as an analyst writes them for DuckDB (each alone, and in one query), Polars, chdb, pandas,
          PySpark (benchmarks/peers); they give the numbers of the cards and nothing that explains

`cpu_over_floor` is ours over floor, `speedup_over_plain_sql` the faster of the two DuckDB ways over ours, in CPU
seconds. benchmarks/report.py makes a document of the files that `--json` writes.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from card_day import Day, read_day, write_day
from machine import machine
from peers import PLANS, load, missing
from watched import Limits, cpu_seconds, watched

PRODUCT = ("floor", "ours")
SLOW_SECONDS = 60.0
"""A peer whose run took longer is not asked again: its ratio is far from any doubt."""


def measure(plan: str, day: Day) -> dict[str, Any]:
    """Run one plan twice in this process; the second run counts."""
    run = load(plan)(day)
    run()
    cpu, wall = cpu_seconds(), time.perf_counter()
    flags = run()
    wall = time.perf_counter() - wall
    cpu = cpu_seconds() - cpu
    wanted = day.truth() if plan != "floor" else set()
    return {
        "cpu": cpu,
        "wall": wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "missed": len(wanted - flags),
        "false": len(flags - wanted),
    }


def in_child(plan: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure a plan in a process of its own; or why that is not possible."""
    reason = missing(plan)
    if reason:
        return {"left_out": "missing", "why": reason}
    command = [sys.executable, __file__, "--cards", str(options.cards), "--seed", str(options.seed)]
    command += ["--fault-share", str(options.fault_share), "--folder", str(options.folder), "--plan", plan]
    command += ["--memory-mb", str(options.memory_mb)]
    return watched(command, Limits(options.memory_mb, options.seconds))


def run_all(options: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """All plans by turns, so that a disturbance of the machine meets all of them."""
    runs: dict[str, list[dict[str, Any]]] = {}
    for turn in range(options.repeats):
        for plan in PLANS:
            if turn and (
                runs[plan][0].get("left_out") or (plan not in PRODUCT and runs[plan][0]["wall"] > SLOW_SECONDS)
            ):
                continue
            found = in_child(plan, options)
            print(f"{turn + 1}/{options.repeats} {plan}: {found}", file=sys.stderr)
            if plan in PRODUCT and found.get("left_out"):
                raise SystemExit(f"{plan}: {found}")
            runs.setdefault(plan, []).append(found)
    return runs


def of_plan(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians of a plan's runs, or why there are none."""
    broken = next((run for run in runs if run.get("left_out")), None)
    if broken:
        return broken
    exact = not any(run["missed"] or run["false"] for run in runs)
    return {
        "cpu_s": round(statistics.median(run["cpu"] for run in runs), 2),
        "wall_s": round(statistics.median(run["wall"] for run in runs), 2),
        "peak_mb": round(max(run["peak_mb"] for run in runs)),
        "exact": exact,
        "runs": len(runs),
    }


def told_together(runs: dict[str, list[dict[str, Any]]], day: Day, fault_share: float) -> dict[str, Any]:
    """The figures of all runs: medians, ratios of medians."""
    plans = {plan: of_plan(of) for plan, of in runs.items()}
    ours, truth = plans["ours"], day.truth()
    plain = [plans[name]["cpu_s"] for name in ("duckdb_each", "duckdb_one") if "cpu_s" in plans[name]]
    return {
        "cards": day.cards,
        "fault_share": fault_share,
        "cards_with_faults": len({card for card, _ in truth}),
        "records": day.records,
        "records_per_s": round(day.records / ours["wall_s"]),
        "cpu_over_floor": round(ours["cpu_s"] / plans["floor"]["cpu_s"], 2),
        "speedup_over_plain_sql": round(min(plain) / ours["cpu_s"], 2) if plain else None,
        "peak_mb": ours["peak_mb"],
        "exact": ours["exact"],
        "others_cores": statistics.median(run["others_cores"] for name in PRODUCT for run in runs[name]),
        "plans": plans,
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
    parser.add_argument("--memory-mb", type=int, default=Limits.memory_mb, help="memory that a plan may hold")
    parser.add_argument(
        "--seconds", type=float, default=Limits.seconds, help="time that a plan may take, both its runs"
    )
    parser.add_argument("--json", help="file for the figures; - is standard output")
    parser.add_argument("--plan", choices=PLANS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder / f"cards-{options.cards}-seed-{options.seed}-faults-{options.fault_share:g}"
    if options.plan:
        day = replace(read_day(folder, options.cards), memory_mb=options.memory_mb * 4 // 5)
        print(json.dumps(measure(options.plan, day)))
        return
    write_day(folder, options.cards, options.seed, options.fault_share)
    runs = run_all(options)
    told = told_together(runs, read_day(folder, options.cards), options.fault_share)
    told["limits"] = {"memory_mb": options.memory_mb, "seconds": options.seconds}
    told["machine"] = machine()
    text = json.dumps(told, indent=2)
    if options.json and options.json != "-":
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
