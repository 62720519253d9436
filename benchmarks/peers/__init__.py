"""Who is measured beside the traversal. Each module has `prepare(day)`; it is imported in its own process only."""

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from shutil import which

from card_day import Prepare


@dataclass(frozen=True)
class Plan:
    """How a plan is called, where it stands, and what must be installed for it."""

    title: str
    module: str
    package: str
    java: bool = False


PLANS = {
    "floor": Plan("bare scan", "bare_scan", "duckdb"),
    "ours": Plan("**Tallyward**", "tallyward_scan", "duckdb"),
    "duckdb_each": Plan("DuckDB SQL, rule by rule", "duckdb_rules", "duckdb"),
    "duckdb_one": Plan("DuckDB SQL, one query", "duckdb_sql", "duckdb"),
    "polars": Plan("Polars", "polars_frames", "polars"),
    "chdb": Plan("chdb", "chdb_sql", "chdb"),
    "pandas": Plan("pandas", "pandas_frames", "pandas"),
    "spark": Plan("PySpark", "spark_sql", "pyspark", java=True),
}


def missing(name: str) -> str | None:
    """Why a plan cannot run here; None if it can."""
    plan = PLANS[name]
    try:
        version(plan.package)
    except PackageNotFoundError:
        return f"{plan.package} is not installed"
    return "no java on PATH" if plan.java and not which("java") else None


def load(name: str) -> Prepare:
    """The plan's `prepare`."""
    prepare: Prepare = import_module(f"peers.{PLANS[name].module}").prepare
    return prepare
