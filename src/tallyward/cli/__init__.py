"""The commands."""

import sys

from tallyward.cli import db, demo, exchange, incidents, inspect, records, rules, scan, serve, user
from tallyward.cli.root import run, tallyward

__all__ = [
    "db",
    "demo",
    "exchange",
    "incidents",
    "inspect",
    "main",
    "records",
    "rules",
    "scan",
    "serve",
    "tallyward",
    "user",
]


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run())
