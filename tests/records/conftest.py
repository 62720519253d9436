"""A store in a fresh folder, a small registry, and a clock at the evening of 2026-03-01."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId, SourceId
from tallyward.records.adapters.folder import open_records
from tallyward.records.ports import Step, no_step
from tallyward.records.service import RecordsService
from tests.records.fake_directory import FakeDirectory
from tests.records.making import small_registry

OPERATOR = EnterpriseId(4)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 1, 20, tzinfo=UTC))


@pytest.fixture
def directory() -> FakeDirectory:
    return small_registry()


Opener = Callable[..., RecordsService]


@pytest.fixture
def opened(tmp_path: Path, clock: FixedClock, directory: FakeDirectory) -> Iterator[Opener]:
    """Open the store of the test's folder; whatever is left open is closed at the end."""
    all_of_them: list[RecordsService] = []

    def open_it(
        *, read_only: bool = False, step: Step = no_step, networks: dict[str, str] | None = None
    ) -> RecordsService:
        service = open_records(
            tmp_path / "records", lambda: directory, clock, read_only=read_only, step=step, networks=networks
        )
        all_of_them.append(service)
        return service

    yield open_it
    for service in all_of_them:
        service.close()


@pytest.fixture
def records(opened: Opener) -> RecordsService:
    return opened()


@pytest.fixture
def source(records: RecordsService) -> SourceId:
    return records.add_source("mediation-1", OPERATOR)
