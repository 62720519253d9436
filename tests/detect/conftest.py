import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tests.detect.keeping import Keeping
from tests.detect.world import World
from tests.registry.conftest import migrated_postgres, migrated_sqlite
from tests.registry.world import open_world

__all__ = ["migrated_postgres", "migrated_sqlite"]


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    """Kept rules and a whitelist beside the registry's sample fleet, on both engines."""
    if request.param == "sqlite":
        file = tmp_path / "state.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("new_postgres_database")(request.getfixturevalue("migrated_postgres"))
    world = open_world(url, tmp_path)
    yield Keeping(url, world.take_all())
    world.engine.dispose()
