"""A platform with a small fleet, as the demo makes it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tallyward.simulate.chain import Chain
from tallyward.wiring.demo import Demo, DemoPlan
from tallyward.wiring.demo_chain import Written
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings

PLAN = DemoPlan(cards=300, terminals=200, seed=5, day=date(2026, 3, 2), batches=3, seconds=0)
NOON = datetime(PLAN.day.year, PLAN.day.month, PLAN.day.day, 12, tzinfo=UTC)


class Quiet:
    """A demo that tells nothing."""

    def step(self, key: str, **blanks: str | int) -> AbstractContextManager[Callable[[int, int], None]]:
        """No bar."""
        del key, blanks
        return nullcontext(lambda _done, _total: None)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """An empty one that may take records in."""
    with open_platform(read_settings(home=tmp_path / "home"), writing=True) as opened:
        yield opened


class Sold(NamedTuple):
    """A platform whose fleet's cards were sold on a ledger, with their day of records; nothing is judged yet."""

    platform: Platform
    demo: Demo
    chain: Chain
    written: Written


@pytest.fixture(scope="session")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sold]:
    """Made once: tests change nothing of it but what judging it writes."""
    home = tmp_path_factory.mktemp("sold") / "home"
    with open_platform(read_settings(home=home), writing=True) as opened:
        demo = Demo(opened, PLAN)
        source = demo.import_fleet(Quiet())
        assert demo.write_ledger(Quiet())
        assert demo.take_day(source, Quiet(), lambda _seconds: False)
        assert demo._chain
        assert demo._written
        yield Sold(opened, demo, demo._chain, demo._written)


@pytest.fixture
def fleet(platform: Platform) -> Demo:
    """Its fleet imported and its day taken in, nothing scanned."""
    demo = Demo(platform, PLAN)
    source = demo.import_fleet(Quiet())
    assert demo.take_day(source, Quiet(), lambda _seconds: False)
    demo.take_broken_file(source)
    return demo
