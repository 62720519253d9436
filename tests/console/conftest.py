"""Houses: one for all who only read, a fresh one for who changes something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.detect.cards.book import RuleBook
from tests.console.house import House, opened


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return RuleBook.load()


@pytest.fixture(scope="session")
def reading_house(tmp_path_factory: pytest.TempPathFactory, rules: RuleBook) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("reading"), rules) as house:
        yield house


@pytest.fixture
def house(tmp_path: Path, rules: RuleBook) -> Iterator[House]:
    with opened(tmp_path, rules) as house:
        yield house
