"""The commands."""

import sys

from tallyward.cli.root import run, tallyward

__all__ = ["main", "tallyward"]


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run())
