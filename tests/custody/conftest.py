"""Ledgers of tests stand on files of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.kernel.clock import FixedClock
from tests.custody.chain import KEYS, START, genesis

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")


@pytest.fixture
def open_ledger(tmp_path: Path) -> Iterator[Callable[[], SqliteLedger]]:
    """Opens the test's ledger, which begins at the first time; the one opened before is closed."""
    path = tmp_path / "ledger.db"
    opened: list[SqliteLedger] = []

    def open_it() -> SqliteLedger:
        while opened:
            opened.pop().close()
        clock = FixedClock(START)
        found = SqliteLedger(path, KEYS["log"], clock) if path.exists() else None
        opened.append(found or SqliteLedger.create(path, genesis(), KEYS["log"], clock))
        return opened[0]

    yield open_it
    while opened:
        opened.pop().close()
