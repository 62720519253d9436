"""What the figures were measured on: cores, memory, versions; nothing that names the machine."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which
from typing import Any

import psutil

LIBRARIES = ("duckdb", "pyarrow", "numpy", "polars", "chdb", "pandas", "pyspark")


def machine() -> dict[str, Any]:
    """Cores, memory, processor, and the versions of what took part."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "processor": processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: found for name in LIBRARIES if (found := _version(name))} | java(),
    }


def processor() -> str:
    """The model as Linux tells it; empty elsewhere."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", told.read_text(encoding="utf-8")) if told.is_file() else None
    return " ".join(found[1].split()) if found else ""


def java() -> dict[str, str]:
    """Version of the Java that Spark would run on."""
    at = which("java")
    if not at:
        return {}
    said = subprocess.run([at, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "([^"]+)"', said)
    return {"java": found[1]} if found else {}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
