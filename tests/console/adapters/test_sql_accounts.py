from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tallyward.console.account_ports import AccountStore, Secret
from tallyward.console.adapters.sql_accounts import SqlAccounts
from tallyward.console.adapters.tables import SessionRow
from tallyward.console.people import NewUser, UserChange
from tallyward.console.roles import Role
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import EnterpriseId, UserId
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import Sessions, scoped_sessions
from tallyward.registry.audit import AuditEntry
from tallyward.wiring import migrate
from tests.console.fakes import NOON

ENTRY = AuditEntry(NOON, "root", None, "test.change", "user wu")
HALF_DAY = timedelta(hours=12)


class Book:
    """An audit log that can be broken."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.broken = False

    def write(self, _session: Session, entry: AuditEntry) -> None:
        if self.broken:
            raise RuntimeError("broken")
        self.entries.append(entry)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One migrated database for all tests, which each find empty."""
    engine = open_engine(request.getfixturevalue("new_postgres_database")("template1"))
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
        migrate.upgrade(engine)
    else:
        engine = request.getfixturevalue("postgres")
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE console_user, console_session, console_token RESTART IDENTITY"))
    yield scoped_sessions(engine)
    engine.dispose()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def store(sessions: Sessions, book: Book) -> SqlAccounts:
    return SqlAccounts(sessions, book.write)


def new(name: str, enterprise: int | None = None) -> NewUser:
    bound = None if enterprise is None else EnterpriseId(enterprise)
    return NewUser(name, name.title(), Role.ANALYST, bound, "en")


def secret(text: str = "d1") -> Secret:
    return Secret(text, NOON, NOON + HALF_DAY)


def test_a_user_comes_back_as_made(store: SqlAccounts) -> None:
    port: AccountStore = store
    assert port.empty()
    made = port.add_user(new("wu", 3), "hash", ENTRY)
    assert not port.empty()
    assert port.credentials("wu") == (made, "hash")
    assert (made.role, made.enterprise, made.language, made.created_at) == (Role.ANALYST, 3, "en", NOON)
    assert port.credentials("WU") is None


def test_users_are_of_the_scope(store: SqlAccounts) -> None:
    for name, enterprise in (("wu", 3), ("li", 4), ("root", None)):
        store.add_user(new(name, enterprise), "hash", ENTRY)
    assert [user.name for user in store.users(EVERYTHING)] == ["li", "root", "wu"]
    assert [user.name for user in store.users(Scope(EnterpriseId(3)))] == ["wu"]
    assert store.user(Scope(EnterpriseId(3)), "li") is None
    assert store.user(EVERYTHING, "li") is not None


def test_sessions_that_are_over_are_swept_away(store: SqlAccounts, sessions: Sessions) -> None:
    user = store.add_user(new("wu"), "hash", ENTRY)
    store.open_session(user.id, secret("old"), ENTRY)
    later = NOON + HALF_DAY
    assert store.session_user("old", later - timedelta(microseconds=1)) is not None
    assert store.session_user("old", later) is None
    store.open_session(user.id, Secret("new", later, later + HALF_DAY), ENTRY)
    with sessions.reading(EVERYTHING) as session:
        assert list(session.scalars(select(SessionRow.digest))) == ["new"]
    found = store.session_user("new", later)
    assert found is not None
    assert found.last_sign_in_at == later


def test_the_use_of_a_token_is_noted_by_the_minute(store: SqlAccounts) -> None:
    user = store.add_user(new("wu"), "hash", ENTRY)
    store.add_token(user.id, "script", secret("t"), ENTRY)
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        assert store.token_user("t", NOON + timedelta(seconds=seconds)) is not None
        assert store.tokens(EVERYTHING, None)[0].last_used_at == NOON + timedelta(seconds=noted)
    assert store.token_user("t", NOON + HALF_DAY) is None


CHANGES: dict[str, Callable[[SqlAccounts, UserId], object]] = {
    "add_user": lambda store, _: store.add_user(new("li"), "hash", ENTRY),
    "change_user": lambda store, user: store.change_user(user, UserChange(disabled=True), ENTRY),
    "choose_language": lambda store, user: store.choose_language(user, "zh-CN", ENTRY),
    "set_password": lambda store, user: store.set_password(user, "other", must_change=False, entry=ENTRY),
    "open_session": lambda store, user: store.open_session(user, secret("d2"), ENTRY),
    "close_session": lambda store, _: store.close_session("d1", ENTRY),
    "add_token": lambda store, user: store.add_token(user, "other", secret("t2"), ENTRY),
    "revoke_token": lambda store, _: store.revoke_token(EVERYTHING, 1, None, ENTRY),
    "note": lambda store, _: store.note(ENTRY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_kept_with_its_audit_entry_or_not_at_all(store: SqlAccounts, book: Book, change: str) -> None:
    def state() -> object:
        return (
            store.users(EVERYTHING),
            store.credentials("wu"),
            store.session_user("d1", NOON),
            store.session_user("d2", NOON),
            store.tokens(EVERYTHING, None),
        )

    user = store.add_user(new("wu"), "hash", ENTRY)
    store.open_session(user.id, secret("d1"), ENTRY)
    store.add_token(user.id, "script", secret("t1"), ENTRY)
    before, written = state(), len(book.entries)
    book.broken = True
    with pytest.raises(RuntimeError):
        CHANGES[change](store, user.id)
    assert state() == before
    book.broken = False
    CHANGES[change](store, user.id)
    assert len(book.entries) == written + 1
    assert (state() != before) == (change != "note")


def test_revoking_what_is_not_there_writes_nothing(store: SqlAccounts, book: Book) -> None:
    assert not store.revoke_token(EVERYTHING, 9, None, ENTRY)
    assert book.entries == []
