"""The rows of the traversal's tables, out of what card_scan.py tells of each size."""

from collections.abc import Mapping, Sequence
from typing import Any

from peers import Plan

Figures = dict[str, Any]
Table = tuple[list[str], list[list[str]]]

REASONS = {
    "missing": "not installed 未安装",
    "memory": "over the memory limit 超出内存上限",
    "time": "over the time limit 超出时间上限",
    "failed": "failed 失败",
}


def reason(plan: Figures) -> str:
    """Why a plan has no figures, in words; its own last line if it broke by itself."""
    words = REASONS[plan["left_out"]]
    why = plan.get("why", "")
    return f"{words} ({why})".replace("|", "/") if why and plan["left_out"] in {"missing", "failed"} else words


def size(scan: Figures, plans: Mapping[str, Plan]) -> Table:
    """One day's table: a row a plan, in the order of `plans`."""
    head = ["plan 方案", "CPU / bare scan", "time / Tallyward", "peak MB", "exact", "runs"]
    return head, [[plan.title, *_row(name, scan["plans"])] for name, plan in plans.items() if name in scan["plans"]]


def _row(name: str, told: Mapping[str, Figures]) -> list[str]:
    of = told[name]
    if "left_out" in of:
        return ["—", "—", f"{of['peak_mb']:,}" if of.get("peak_mb") else "—", reason(of), "—"]
    work, time = of["cpu_s"] / told["floor"]["cpu_s"], of["wall_s"] / told["ours"]["wall_s"]
    exact = "—" if name == "floor" else "yes" if of["exact"] else "**no**"
    return [f"{work:.2f}", f"{time:.2f}", f"{of['peak_mb']:,}", exact, str(of["runs"])]


def largest(scans: Sequence[Figures], plans: Mapping[str, Plan]) -> Table:
    """A row a plan: the largest day that it finished, and at which it stopped and why."""
    head = ["plan 方案", "finished 完成", "stopped at 停止于", "why 原因"]
    return head, [[plan.title, *_reach(name, scans)] for name, plan in plans.items() if name != "floor"]


def _reach(name: str, scans: Sequence[Figures]) -> list[str]:
    asked = [(scan["cards"], scan["plans"][name]) for scan in scans if name in scan["plans"]]
    finished = max((cards for cards, plan in asked if "left_out" not in plan), default=None)
    stopped = min(((cards, reason(plan)) for cards, plan in asked if "left_out" in plan), default=None)
    done = f"{finished:,} cards" if finished else "—"
    return [done, f"{stopped[0]:,} cards", stopped[1]] if stopped else [done, "—", "—"]
