"""The store of accounts in the state database."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Select, delete, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tallyward.console.account_ports import Secret
from tallyward.console.adapters.tables import SessionRow, TokenRow, UserRow
from tallyward.console.people import NewUser, Token, User, UserChange
from tallyward.console.roles import Role
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.catalogue import Language, prefer
from tallyward.kernel.errors import ConflictError
from tallyward.kernel.ids import EnterpriseId, UserId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.audit import AuditEntry

AuditWriter: TypeAlias = Callable[[Session, AuditEntry], None]
"""Writes an entry in the session's transaction."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_USED_EVERY: Final = timedelta(minutes=1)
"""A token's last use is kept by the minute: reading must not write each time."""


class SqlAccounts:
    """Users, sessions and tokens on SQLite or PostgreSQL."""

    def __init__(self, sessions: Sessions, write_audit: AuditWriter) -> None:
        """`write_audit` writes an entry in the transaction of the change it tells of."""
        self._sessions = sessions
        self._write_audit = write_audit

    def empty(self) -> bool:
        """Whether there is no user at all."""
        with self._sessions.reading(EVERYTHING) as session:
            return session.scalar(select(UserRow.id).limit(1)) is None

    def credentials(self, name: str) -> tuple[User, str] | None:
        """A user and the hash of the password."""
        with self._sessions.reading(EVERYTHING) as session:
            row = session.scalar(select(UserRow).where(UserRow.name == name))
            return (_user(row), row.password_hash) if row else None

    def user(self, scope: Scope, name: str) -> User | None:
        """One user of the scope's enterprise."""
        with self._sessions.reading(EVERYTHING) as session:
            row = session.scalar(select(UserRow).where(UserRow.name == name, _within(scope)))
            return _user(row) if row else None

    def users(self, scope: Scope) -> tuple[User, ...]:
        """Users of the scope's enterprise by name."""
        with self._sessions.reading(EVERYTHING) as session:
            return tuple(map(_user, session.scalars(select(UserRow).where(_within(scope)).order_by(UserRow.name))))

    def add_user(self, new: NewUser, password_hash: str, entry: AuditEntry) -> User:
        """A user who must change the password."""
        row = UserRow(
            name=new.name,
            display_name=new.display_name,
            role=new.role.value,
            enterprise_id=new.enterprise,
            language=new.language,
            disabled=False,
            must_change_password=True,
            password_hash=password_hash,
            created_at=_micros(entry.at),
        )
        try:
            with self._sessions.begin(EVERYTHING) as session:
                session.add(row)
                session.flush()
                self._write_audit(session, entry)
        except IntegrityError:
            raise ConflictError("console.user_exists", name=new.name) from None
        return _user(row)

    def change_user(self, user: UserId, change: UserChange, entry: AuditEntry) -> User:
        """The user as changed."""
        with self._sessions.begin(EVERYTHING) as session:
            row = _row(session, user)
            row.display_name = change.display_name or row.display_name
            row.role = change.role.value if change.role else row.role
            if change.disabled is not None:
                row.disabled = change.disabled
            if row.disabled:
                _end_sessions(session, user)
            self._write_audit(session, entry)
        return _user(row)

    def choose_language(self, user: UserId, language: Language, entry: AuditEntry) -> User:
        """The user as changed."""
        with self._sessions.begin(EVERYTHING) as session:
            row = _row(session, user)
            row.language = language
            self._write_audit(session, entry)
        return _user(row)

    def set_password(self, user: UserId, password_hash: str, *, must_change: bool, entry: AuditEntry) -> User:
        """The user as changed, all sessions ended."""
        with self._sessions.begin(EVERYTHING) as session:
            row = _row(session, user)
            row.password_hash, row.must_change_password = password_hash, must_change
            _end_sessions(session, user)
            self._write_audit(session, entry)
        return _user(row)

    def open_session(self, user: UserId, secret: Secret, entry: AuditEntry) -> None:
        """Keep a session; drop those that are over."""
        since, until = _micros(secret.since), _micros(secret.until)
        with self._sessions.begin(EVERYTHING) as session:
            session.execute(delete(SessionRow).where(SessionRow.until <= since))
            session.add(SessionRow(digest=secret.digest, user_id=user, since=since, until=until))
            _row(session, user).last_sign_in_at = since
            self._write_audit(session, entry)

    def session_user(self, digest: str, now: datetime) -> User | None:
        """Whose session it is."""
        query = (
            select(UserRow)
            .join(SessionRow, SessionRow.user_id == UserRow.id)
            .where(SessionRow.digest == digest, SessionRow.until > _micros(now), UserRow.disabled.is_(False))
        )
        with self._sessions.reading(EVERYTHING) as session:
            row = session.scalar(query)
            return _user(row) if row else None

    def close_session(self, digest: str, entry: AuditEntry) -> None:
        """End a session."""
        with self._sessions.begin(EVERYTHING) as session:
            session.execute(delete(SessionRow).where(SessionRow.digest == digest))
            self._write_audit(session, entry)

    def add_token(self, user: UserId, name: str, secret: Secret, entry: AuditEntry) -> Token:
        """Keep a token."""
        row = TokenRow(
            digest=secret.digest,
            user_id=user,
            name=name,
            since=_micros(secret.since),
            until=_micros(secret.until),
        )
        with self._sessions.begin(EVERYTHING) as session:
            owner = _row(session, user)
            session.add(row)
            session.flush()
            self._write_audit(session, entry)
            return _token(row, owner.name)

    def tokens(self, scope: Scope, owner: UserId | None) -> Sequence[Token]:
        """Tokens by owner and name."""
        query = _tokens(scope, owner).order_by(UserRow.name, TokenRow.name, TokenRow.id)
        with self._sessions.reading(EVERYTHING) as session:
            return [_token(row, name) for row, name in session.execute(query)]

    def token_user(self, digest: str, now: datetime) -> User | None:
        """Whose token it is."""
        query = (
            select(TokenRow, UserRow)
            .join(UserRow, UserRow.id == TokenRow.user_id)
            .where(TokenRow.digest == digest, TokenRow.until > _micros(now), UserRow.disabled.is_(False))
        )
        with self._sessions.reading(EVERYTHING) as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            token, user = found
            stale = token.last_used_at is None or _moment(token.last_used_at) + _USED_EVERY <= now
        if stale:
            with self._sessions.begin(EVERYTHING) as session:
                session.execute(update(TokenRow).where(TokenRow.id == token.id).values(last_used_at=_micros(now)))
        return _user(user)

    def revoke_token(self, scope: Scope, token: int, owner: UserId | None, entry: AuditEntry) -> bool:
        """End a token."""
        with self._sessions.begin(EVERYTHING) as session:
            found = session.execute(_tokens(scope, owner).where(TokenRow.id == token)).one_or_none()
            if found is not None:
                session.delete(found[0])
                self._write_audit(session, entry)
            return found is not None

    def note(self, entry: AuditEntry) -> None:
        """An entry on its own."""
        with self._sessions.begin(EVERYTHING) as session:
            self._write_audit(session, entry)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND


def _within(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.enterprise is None else UserRow.enterprise_id == scope.enterprise


def _tokens(scope: Scope, owner: UserId | None) -> Select[TokenRow, str]:
    query = select(TokenRow, UserRow.name).join(UserRow, UserRow.id == TokenRow.user_id).where(_within(scope))
    return query if owner is None else query.where(TokenRow.user_id == owner)


def _row(session: Session, user: UserId) -> UserRow:
    return session.scalars(select(UserRow).where(UserRow.id == user)).one()


def _end_sessions(session: Session, user: UserId) -> None:
    session.execute(delete(SessionRow).where(SessionRow.user_id == user))


def _user(row: UserRow) -> User:
    return User(
        id=UserId(row.id),
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        enterprise=None if row.enterprise_id is None else EnterpriseId(row.enterprise_id),
        language=prefer(row.language),
        disabled=row.disabled,
        must_change_password=row.must_change_password,
        created_at=_moment(row.created_at),
        last_sign_in_at=None if row.last_sign_in_at is None else _moment(row.last_sign_in_at),
    )


def _token(row: TokenRow, user: str) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        user=user,
        created_at=_moment(row.since),
        expires_at=_moment(row.until),
        last_used_at=None if row.last_used_at is None else _moment(row.last_used_at),
    )
