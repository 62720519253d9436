"""What accounts need of a store. Each change is written to the audit log in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tallyward.console.people import NewUser, Token, User, UserChange
from tallyward.kernel.actor import Scope
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import UserId
from tallyward.registry.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Secret:
    """A drawn secret as it is kept: its digest and its life."""

    digest: str
    since: datetime
    until: datetime


class AccountStore(Protocol):
    """Keeps users, sessions and tokens; never a password or a secret in clear."""

    def empty(self) -> bool:
        """Whether there is no user at all."""
        ...

    def credentials(self, name: str) -> tuple[User, str] | None:
        """A user and the hash of the password."""
        ...

    def user(self, scope: Scope, name: str) -> User | None:
        """One user of the scope's enterprise."""
        ...

    def users(self, scope: Scope) -> tuple[User, ...]:
        """Users of the scope's enterprise, by name."""
        ...

    def add_user(self, new: NewUser, password_hash: str, entry: AuditEntry) -> User:
        """A user who must change the password; refuses with `console.user_exists`."""
        ...

    def change_user(self, user: UserId, change: UserChange, entry: AuditEntry) -> User:
        """The user as changed; a disabled one has no sessions left."""
        ...

    def choose_language(self, user: UserId, language: Language, entry: AuditEntry) -> User:
        """The user as changed."""
        ...

    def set_password(self, user: UserId, password_hash: str, *, must_change: bool, entry: AuditEntry) -> User:
        """The user as changed, all sessions ended."""
        ...

    def open_session(self, user: UserId, secret: Secret, entry: AuditEntry) -> None:
        """Keep a session and the time of the sign-in; drop sessions that are over."""
        ...

    def session_user(self, digest: str, now: datetime) -> User | None:
        """Whose session it is, if it is not over and the user not disabled."""
        ...

    def close_session(self, digest: str, entry: AuditEntry) -> None:
        """End a session."""
        ...

    def add_token(self, user: UserId, name: str, secret: Secret, entry: AuditEntry) -> Token:
        """Keep a token."""
        ...

    def tokens(self, scope: Scope, owner: UserId | None) -> Sequence[Token]:
        """Tokens of `owner`, or of every user of the scope's enterprise."""
        ...

    def token_user(self, digest: str, now: datetime) -> User | None:
        """Whose token it is, if it is not over and the user not disabled; notes that it was used."""
        ...

    def revoke_token(self, scope: Scope, token: int, owner: UserId | None, entry: AuditEntry) -> bool:
        """End a token of `tokens(scope, owner)`; False where there is none."""
        ...

    def note(self, entry: AuditEntry) -> None:
        """Write to the audit log what changed nothing: a refused sign-in, a reading."""
        ...
