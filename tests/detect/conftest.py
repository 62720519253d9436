from collections.abc import Callable
from pathlib import Path

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tests.detect.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def new_world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], World]:
    """Worlds for tests that need many."""
    return lambda: World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    """The rules that come with the platform."""
    return RuleBook.load().rules
