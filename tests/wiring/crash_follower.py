"""A platform that is meant to be killed: takes a simulated day in, batch by batch, and judges what comes.

    python crash_follower.py HOME

It says each step when it is done, so that the test beside it can kill it after any of them, or in the next one's middle.
"""

import sys
from pathlib import Path

from tallyward.kernel.clock import FixedClock
from tallyward.simulate.arrivals import arrivals
from tallyward.wiring.demo import Demo
from tallyward.wiring.platform import open_platform
from tallyward.wiring.settings import read_settings
from tests.wiring.conftest import NOON, PLAN


def say(step: str) -> None:
    """Tell a step at once."""
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with open_platform(read_settings(home=Path(sys.argv[1])), writing=True) as platform:
        platform.scanning._clock = FixedClock(NOON)
        source = platform.records.sources()[0].id
        for arrival in arrivals(Demo(platform, PLAN)._fleet, PLAN.batches):
            platform.records.take_bytes(source, arrival.name, arrival.data)
            say("taken")
            platform.scanning.follow()
            say("followed")
        platform.scanning.scan_changes()
        say("scanned")
