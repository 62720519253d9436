"""The commands."""

import sys

from tallyward.cli import start

# isort: split
from tallyward.cli import (
    cadence,
    custody,
    custody_credit,
    custody_forget,
    custody_grade,
    custody_handover,
    custody_keys,
    custody_names,
    custody_network,
    custody_node,
    custody_proofs,
    custody_report,
    custody_risk,
    custody_trade,
    custody_witness,
    db,
    demo,
    exchange,
    incidents,
    inspect,
    intake,
    records,
    rule_baselines,
    rule_differences,
    rule_keeping,
    rule_trying,
    rule_whitelist,
    rules,
    scan,
    serve,
    upkeep,
    user,
)
from tallyward.cli.root import run, tallyward

__all__ = [
    "cadence",
    "custody",
    "custody_credit",
    "custody_forget",
    "custody_grade",
    "custody_handover",
    "custody_keys",
    "custody_names",
    "custody_network",
    "custody_node",
    "custody_proofs",
    "custody_report",
    "custody_risk",
    "custody_trade",
    "custody_witness",
    "db",
    "demo",
    "exchange",
    "incidents",
    "inspect",
    "intake",
    "main",
    "records",
    "rule_baselines",
    "rule_differences",
    "rule_keeping",
    "rule_trying",
    "rule_whitelist",
    "rules",
    "scan",
    "serve",
    "start",
    "tallyward",
    "upkeep",
    "user",
]


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run())
