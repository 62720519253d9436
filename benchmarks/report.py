"""docs/benchmarks.md out of the figures that the benchmarks wrote: what was measured is what is told.

    python benchmarks/report.py --folder .bench/results --markdown docs/benchmarks.md

Reads card_scan-*.json (one file a size and share of faults), live.json, decode.json, intake.json, registry_import.json,
custody.json, custody_network.json and custody_risk.json of the folder; what is not there is not told.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from card_day import THREADS
from peers import PLANS
from report_traversal import largest, size

Figures = dict[str, Any]

HEAD = """# Benchmarks 基准测试

Written by `make bench` from one run on one machine; nobody edits it. Peers run in the same run as Tallyward, by turns,
each in a process of its own. Seconds differ from machine to machine and from run to run, so the tables tell ratios of
medians; on a quiet machine two runs of one plan differ by about a tenth, where others work by far more.

本页由 `make bench` 的一次运行生成，不作手工修改；各方案在同一次运行中轮流测量，表中为中位数之比。
"""

TRAVERSAL = """## One traversal: all seven card rules over a day 一次遍历：一天话单，七条规则

A simulated day of about 11.5 records a card, in Parquet segments as the intake writes them. Each plan names every
(card, rule) that breaks a rule; *exact* compares that with what was planted, card for card. Tallyward also writes
findings with evidence, explanation and coverage; the others give numbers of cards only. *bare scan* is DuckDB's `max()`
over the columns that Tallyward reads: the least that reading can cost. The queries of the others are in
benchmarks/peers, written as an analyst would write them.

- *CPU / bare scan*: CPU seconds of all threads and child processes, over those of the bare scan. Lower is better.
- *time / Tallyward*: wall time over Tallyward's. Above 1 is slower than Tallyward.
- *peak MB*: resident memory of the process and of those that it started, the warming run included.
- *runs*: how many the medians are of. A peer whose run takes over a minute runs once.
- A plan has {threads} threads, {memory} MB and {seconds} s for two passes in one process: one to warm up, one that
  counts. DuckDB, chdb and Spark are told four fifths of that memory as their own limit. What passes a limit is stopped.

每个方案使用 {threads} 个线程，内存上限 {memory} MB，时间上限 {seconds} 秒；越限即停止并注明。
"""

OTHERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "live": (
        "## Records judged as they come 实时研判",
        "A day in the order of time, stored durably and judged by all rules batch by batch (benchmarks/live.py).",
        {
            "cards": "active cards",
            "records": "records",
            "batch": "records in a batch: what one second brings",
            "events_per_s": "records a second, stored durably and judged",
            "p50_ms": "a batch until judged, median, ms",
            "p99_ms": "a batch until judged, 99 of 100, ms",
            "replay_events_per_s": "records a second when read again after a restart",
            "exact": "found equals planted, nobody named twice",
            "replay_same": "the same after a restart",
        },
    ),
    "decode": (
        "## Operators' formats 话单格式解码",
        "From the octets of a file to columns, on one core, beside pycrate and asn1tools (benchmarks/decode.py).",
        {
            "records": "gateway records",
            "pgw_records_per_s": "gateway charging records a CPU second",
            "ratio_to_pycrate": "times pycrate",
            "ratio_to_asn1tools": "times asn1tools",
            "call_records_per_s": "voice and SMS charging records a CPU second",
            "tap_events_per_s": "TAP events a CPU second",
            "tap_ratio_to_pycrate": "times pycrate on TAP",
            "radius_messages_per_s": "RADIUS messages of new sessions a CPU second",
            "radius_known_sessions_per_s": "RADIUS messages of known sessions a CPU second",
        },
    ),
    "intake": (
        "## Intake 入库",
        "CPU over pyarrow's for the same text or columns, with no check and no sync (benchmarks/intake.py).",
        {
            "records": "usage records",
            "csv_work_over_bare": "mediation CSV over pyarrow's CSV reader",
            "segments_sorted_work_over_bare": "sorted records over a bare Parquet file",
            "segments_unsorted_work_over_bare": "unsorted records over a bare Parquet file",
            "beside_as_many_work_over_empty": "beside a day that holds as many, over an empty one",
            "all_repeated_work_over_empty": "all of them repeated, over an empty day",
        },
    ),
    "registry_import": (
        "## Import of cards 卡资料导入",
        "Checked, resolved, audited, durable; beside a bare insert of the same rows (benchmarks/registry_import.py).",
        {
            "cards": "cards",
            "rows_per_s": "cards a second",
            "times_bare_insert": "time over the bare insert",
        },
    ),
    "custody": (
        "## Custody ledger 流转账本",
        "Signed, checked, judged, durable; sales on all cores; beside SQLite alone (benchmarks/custody.py).",
        {
            "sales_per_s": "sales a second, one entry that both sides sign",
            "sales_per_s_one_core": "the same, signatures checked one after another",
            "handshakes_per_s": "sales a second, an offer and its acceptance each",
            "tx_bytes_1m_cards": "bytes of an offer of a million cards",
            "register_900_lots_s": "900 lots of a million cards registered, s",
            "activations_per_s": "cards activated a second, a thousand a request",
            "bytes_per_activation": "bytes a card of an activation",
            "chain_queries_per_s": "ways of a card told a second",
            "audit_1m_s": "hashes of a million entries audited, s",
            "append_over_sqlite": "rows appended a second over SQLite alone",
            "open_s_per_100k_entries": "opened by every entry, s for each 100,000",
            "open_from_snapshot_s_per_100k_entries": "opened by its snapshot, s for each 100,000 entries",
            "open_over_snapshot": "the one over the other",
        },
    ),
    "custody_network": (
        "## Custody network 流转账本网络",
        "Four validators on this machine, beside CometBFT's key-value application (benchmarks/custody_network.py).",
        {
            "transactions_per_s": "transactions a second",
            "kvstore_transactions_per_s": "the key-value application's",
            "cards_per_s": "cards activated a second, a thousand a request",
            "latency_s": "from said to agreed, s (median)",
            "kvstore_latency_s": "the key-value application's",
            "failover_s": "longest wait after a validator was killed, s",
            "kvstore_failover_s": "the key-value application's",
        },
    ),
    "custody_risk": (
        "## Broken chains and credit 断链与信用",
        "CPU seconds on one core; numbers beside pyarrow's `is_in` asked both ways (benchmarks/custody_risk.py).",
        {
            "spans": "spans of 900 lots of a million cards",
            "cards_with_traffic": "cards with traffic held against them",
            "breaks_s": "all of it judged, s",
            "breaks_exact": "found equals planted",
            "findings_told_per_s": "findings told in full a second",
            "numbers": "numbers on each side of a reconciliation",
            "reconciliation_s": "reconciled, s",
            "reconciliation_over_is_in": "time over pyarrow's",
            "reconciliation_exact": "the same differences",
            "organisations": "organisations",
            "entries": "entries of theirs",
            "entries_read_per_s": "entries read, judged and booked a second",
            "entries_booked_per_s": "of which booking alone, entries a second",
            "all_scores_s": "all scores, s",
            "score_ms": "one score more, ms",
            "scores_same_again": "the same when computed again",
        },
    ),
}
"""Of each other benchmark: heading, what it is, and its figures by name, in words."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left, the others to the right."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def told(value: object) -> str:
    """A figure for people."""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def machine(scans: Sequence[Figures]) -> str:
    """What it ran on, as of the last scan, and whether it was quiet."""
    on, busy = scans[-1]["machine"], [scan["others_cores"] for scan in scans]
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    quiet = f"others kept {min(busy):.2f} to {max(busy):.2f} of its cores busy while Tallyward and the bare scan ran"
    rows = [
        ["cores 处理器核", f"{on['cores']}, {on['processor']}" if on["processor"] else str(on["cores"])],
        ["memory 内存", f"{on['memory_gb']} GB"],
        ["software 软件", f"{on['system']}, Python {on['python']}, {versions}"],
        ["disturbance 干扰", quiet + (": **the machine was not quiet**" if max(busy) > 0.25 else "")],
    ]
    return "## Machine 测试环境\n\n" + table(["what", "value"], rows).replace("| --: |", "| --- |")


def traversal(scans: Sequence[Figures]) -> str:
    """All sizes, and the largest that each plan can do."""
    limits = scans[-1]["limits"]
    head = TRAVERSAL.format(threads=THREADS, memory=told(limits["memory_mb"]), seconds=f"{limits['seconds']:g}")
    return "\n".join([head, *(_size(scan) for scan in scans), _largest(scans)])


def _size(scan: Figures) -> str:
    share = 100 * scan["cards_with_faults"] / scan["cards"]
    head = f"### {scan['cards']:,} cards, {scan['records']:,} records, faults in {share:.2g} % of the cards"
    return f"{head}\n\n" + table(*size(scan, PLANS))


def _largest(scans: Sequence[Figures]) -> str:
    return "### The largest day each can do 各方案可完成的最大规模\n\n" + table(*largest(scans, PLANS))


def other(name: str, figures: Figures) -> str:
    """One section of another benchmark."""
    heading, what, words = OTHERS[name]
    rows = [[said, told(figures[key])] for key, said in words.items() if key in figures]
    return f"{heading}\n\n{what}\n\n" + table(["figure", "value"], rows)


def document(scans: Iterable[Figures], others: dict[str, Figures]) -> str:
    """The whole of docs/benchmarks.md."""
    ordered = sorted(scans, key=lambda scan: (scan["fault_share"], scan["cards"]))
    parts = [HEAD]
    if ordered:
        parts += [machine(ordered), traversal(ordered)]
    parts += [other(name, others[name]) for name in OTHERS if name in others]
    return "\n".join(parts)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".bench/results"), help="where the figures are")
    parser.add_argument("--markdown", type=Path, default=Path("docs/benchmarks.md"), help="the document to write")
    options = parser.parse_args()
    scans = [json.loads(path.read_text(encoding="utf-8")) for path in options.folder.glob("card_scan-*.json")]
    found = {name: options.folder / f"{name}.json" for name in OTHERS}
    others = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items() if path.is_file()}
    if not scans and not others:
        raise SystemExit(f"no figures in {options.folder}: run `make bench`")
    options.markdown.write_text(document(scans, others), encoding="utf-8")
    print(f"wrote {options.markdown}")


if __name__ == "__main__":
    main()
