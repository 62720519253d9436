from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tallyward.console.adapters.tables import Base
from tallyward.detect.adapters.tables import Base as DetectBase
from tallyward.incidents.adapters.tables import Base as IncidentsBase
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.tables import Base as RegistryBase
from tallyward.wiring import migrate


def test_no_secret_stands_in_clear() -> None:
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert {"digest", "password_hash"} <= names
    assert not names & {"password", "secret", "token"}


def test_the_migrations_make_exactly_these_tables(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/state.sqlite3")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        wanted = [RegistryBase.metadata, DetectBase.metadata, IncidentsBase.metadata, Base.metadata]
        assert compare_metadata(context, wanted) == []  # type: ignore[arg-type] # it takes several, its types say one
    engine.dispose()
