"""What the console stands on: handed in by wiring as one value."""

from dataclasses import dataclass
from typing import Any

from tallyward.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """The services behind the routes."""

    registry: Any
    records: Any
    incidents: Any
    rulebook: Any
    accounts: Any
    audit: Any
    scans: Any
    clock: Clock
