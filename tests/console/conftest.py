"""Houses: one for all who only read, a fresh one for who changes something."""

import shutil
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


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, rules: RuleBook) -> Path:
    """The folder of a house that nobody lives in: to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    with opened(folder, rules):
        pass
    return folder


@pytest.fixture
def house(tmp_path: Path, rules: RuleBook, furnished: Path) -> Iterator[House]:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path, rules, furnished=True) as house:
        yield house
