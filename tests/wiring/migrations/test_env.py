from pathlib import Path

from sqlalchemy import inspect

from tallyward.registry.adapters.database import open_engine
from tallyward.wiring.migrate import upgrade


def test_steps_run_over_the_connection_that_is_handed_in() -> None:
    engine = open_engine("sqlite://")
    upgrade(engine)
    assert {"alembic_version", "registry_state", "card"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_the_wheel_carries_the_steps() -> None:
    folder = Path(upgrade.__code__.co_filename).with_name("migrations")
    assert (folder / "env.py").is_file()
    assert (folder / "script.py.mako").is_file()
    numbers = sorted(file.name[:4] for file in (folder / "versions").glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
