"""Writes the ledger of a small fleet, and is meant to be killed: python -m tests.wiring.crash_seller HOME. It says each step."""

import sys
from pathlib import Path

from tallyward.simulate.chain import plan_chain
from tallyward.simulate.fleet import build_fleet
from tallyward.wiring.demo_chain import write_ledger
from tallyward.wiring.folder import prepare_folder
from tallyward.wiring.settings import read_settings
from tests.wiring.conftest import PLAN


def say(done: int, total: int) -> None:
    """Tell a step at once."""
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    settings = read_settings(home=Path(sys.argv[1]))
    prepare_folder(settings.folder)
    fleet = build_fleet(cards=PLAN.cards, terminals=PLAN.terminals, seed=PLAN.seed, day=PLAN.day)
    write_ledger(settings, plan_chain(fleet), say)
