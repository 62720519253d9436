"""Accounts: the first administrator, sign-in, sessions, passwords, users, tokens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from tallyward.console.account_ports import AccountStore, Secret
from tallyward.console.attempts import Attempts
from tallyward.console.credentials import TOKEN_PREFIX, Passwords, digest, draw_password, draw_secret
from tallyward.console.people import (
    SESSION_LIFE,
    NewUser,
    Token,
    User,
    UserChange,
    check_name,
    check_password,
    check_role,
)
from tallyward.console.roles import Role, may
from tallyward.kernel.actor import PLATFORM, Actor
from tallyward.kernel.catalogue import Language
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TooOftenError,
    UnauthenticatedError,
)
from tallyward.kernel.ids import EnterpriseId, UserId
from tallyward.registry.audit import AuditEntry

WINDOW: Final = timedelta(minutes=5)
WRONG_FOR_A_NAME: Final = 10
WRONG_FROM_AN_ADDRESS: Final = 30
MAX_TOKENS: Final = 20


class Accounts:
    """The use cases around people. Whether an actor's role allows one is asked before, at the door."""

    def __init__(self, store: AccountStore, clock: Clock, passwords: Passwords | None = None) -> None:
        """`passwords` sets the cost of a hash."""
        self._store = store
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._by_name = Attempts(WRONG_FOR_A_NAME, WINDOW)
        self._by_address = Attempts(WRONG_FROM_AN_ADDRESS, WINDOW)

    def ensure_first_admin(self) -> str | None:
        """Make `admin` where there is no user yet, and give the one-time password; None otherwise."""
        if not self._store.empty():
            return None
        _, password = self.add_user(PLATFORM, NewUser("admin", "Administrator", Role.ADMIN, None))
        return password

    # Signing in.

    def sign_in(self, name: str, password: str, address: str) -> tuple[User, str]:
        """(user, the new session's secret). `address` only counts failures, it is kept nowhere.

        Refuses with `console.wrong_sign_in`, the same whatever is wrong, or `console.too_many_attempts`.
        """
        self._may_try(name, address)
        found = self._store.credentials(name)
        right = self._passwords.right(found[1] if found else None, password)
        if found is None or not right or found[0].disabled:
            known = found[0] if found else None
            self._store.note(self._entry(PLATFORM, "session.refused", known.name if known else "?", known))
            raise UnauthenticatedError("console.wrong_sign_in")
        self._was_right(name, address)
        return found[0], self._open_session(found[0])

    def user_of_session(self, secret: str) -> User:
        """Whose session it is; refuses with `console.session_over`."""
        user = self._store.session_user(digest(secret), self._clock.now())
        if user is None:
            raise UnauthenticatedError("console.session_over")
        return user

    def user_of_token(self, secret: str) -> User:
        """Whose token it is; refuses with `console.token_wrong`."""
        user = self._store.token_user(digest(secret), self._clock.now()) if secret.startswith(TOKEN_PREFIX) else None
        if user is None:
            raise UnauthenticatedError("console.token_wrong")
        return user

    def sign_out(self, user: User, secret: str) -> None:
        """End a session."""
        self._store.close_session(digest(secret), self._entry(user.actor, "session.close", user.name, user))

    def change_password(self, user: User, old: str, new: str, address: str) -> tuple[User, str]:
        """(user, the secret of a fresh session): all sessions before it end.

        Refuses with `console.wrong_password`, `console.password_same`, or as `check_password` does.
        """
        self._may_try(user.name, address)
        found = self._store.credentials(user.name)
        if found is None or not self._passwords.right(found[1], old):
            raise InvalidError("console.wrong_password")
        self._was_right(user.name, address)
        check_password(user.name, new)
        if new == old:
            raise InvalidError("console.password_same")
        entry = self._entry(user.actor, "user.password", user.name, user)
        changed = self._store.set_password(user.id, self._passwords.hash(new), must_change=False, entry=entry)
        return changed, self._open_session(changed)

    def choose_language(self, user: User, language: Language) -> User:
        """The user as changed."""
        entry = self._entry(user.actor, "user.language", user.name, user, language=language)
        return self._store.choose_language(user.id, language, entry)

    # Users.

    def users(self, actor: Actor) -> tuple[User, ...]:
        """Users of the actor's enterprise by name, every user for those bound to none."""
        return self._store.users(actor.scope)

    def user(self, actor: Actor, name: str) -> User:
        """One user; refuses with `console.user_unknown`."""
        found = self._store.user(actor.scope, name)
        if found is None:
            raise NotFoundError("console.user_unknown", name=name)
        return found

    def assignee(self, actor: Actor, name: str, sharers: frozenset[EnterpriseId | None]) -> User:
        """A user who can work on a row of the enterprises `sharers`; refuses with `console.assignee`."""
        found = self._store.user(actor.scope, name)
        if found is None or found.disabled or not may(found.role, "act", "incident"):
            raise InvalidError("console.assignee", name=name)
        if found.actor.scope.enterprise not in {None, *sharers}:
            raise InvalidError("console.assignee", name=name)
        return found

    def add_user(self, actor: Actor, new: NewUser) -> tuple[User, str]:
        """(user, one-time password). A user made by people of one enterprise belongs to it.

        Refuses with `console.user_name`, `console.other_enterprise`, `console.enterprise_needed` or
        `console.user_exists`.
        """
        wanted = replace(new, enterprise=new.enterprise or actor.scope.enterprise)
        self._within(actor, wanted.role, wanted.enterprise)
        check_role(wanted.role, wanted.enterprise)
        check_name(wanted.name)
        password = draw_password()
        entry = AuditEntry(
            at=self._clock.now(),
            actor=actor.name,
            enterprise=wanted.enterprise,
            action="user.add",
            subject=f"user {wanted.name}",
            detail={"role": wanted.role.value},
        )
        return self._store.add_user(wanted, self._passwords.hash(password), entry), password

    def change_user(self, actor: Actor, name: str, change: UserChange) -> User:
        """The user as changed; refuses with `console.own_account` to change one's own role or access."""
        user = self.user(actor, name)
        if user.name == actor.name and (change.role or change.disabled is not None):
            raise ConflictError("console.own_account")
        self._within(actor, change.role or user.role, user.enterprise)
        check_role(change.role or user.role, user.enterprise)
        detail = {
            "role": change.role.value if change.role else None,
            "disabled": None if change.disabled is None else int(change.disabled),
        }
        entry = self._entry(actor, "user.change", user.name, user, **detail)
        return self._store.change_user(user.id, change, entry)

    def reset_password(self, actor: Actor, name: str) -> tuple[User, str]:
        """(user, one-time password): all sessions of the user end. Refuses one's own: that is `change_password`."""
        user = self.user(actor, name)
        if user.name == actor.name:
            raise ConflictError("console.own_account")
        self._within(actor, user.role, user.enterprise)
        password = draw_password()
        entry = self._entry(actor, "user.password_reset", user.name, user)
        kept = self._passwords.hash(password)
        return self._store.set_password(user.id, kept, must_change=True, entry=entry), password

    def set_password(self, actor: Actor, name: str, password: str) -> User:
        """The user with a password somebody at the command line chose; refuses as `check_password` does."""
        user = self.user(actor, name)
        check_password(user.name, password)
        entry = self._entry(actor, "user.password", user.name, user)
        return self._store.set_password(user.id, self._passwords.hash(password), must_change=False, entry=entry)

    # Tokens.

    def tokens(self, user: User) -> Sequence[Token]:
        """One's own, or everybody's of the enterprise for those who manage users."""
        return self._store.tokens(user.actor.scope, self._owner(user))

    def add_token(self, user: User, name: str, days: int) -> tuple[Token, str]:
        """(token, secret); refuses with `console.too_many_tokens`."""
        if len(self._store.tokens(user.actor.scope, user.id)) >= MAX_TOKENS:
            raise ConflictError("console.too_many_tokens", most=MAX_TOKENS)
        secret = TOKEN_PREFIX + draw_secret()
        now = self._clock.now()
        entry = self._entry(user.actor, "token.add", user.name, user, token=name, days=days)
        kept = Secret(digest(secret), now, now + timedelta(days=days))
        return self._store.add_token(user.id, name, kept, entry), secret

    def revoke_token(self, user: User, token: int) -> None:
        """End a token; refuses with `console.token_unknown`."""
        entry = self._entry(user.actor, "token.revoke", user.name, user, token=token)
        if not self._store.revoke_token(user.actor.scope, token, self._owner(user), entry):
            raise NotFoundError("console.token_unknown", token=token)

    def note_reading(self, user: User, subject: str, owner: EnterpriseId | None, **detail: str | int | None) -> None:
        """Write to the audit log that records of `subject`, a row of `owner`, are read."""
        entry = self._entry(user.actor, "record.read", user.name, user, **detail)
        self._store.note(replace(entry, subject=subject, enterprise=owner))

    def _owner(self, user: User) -> UserId | None:
        return None if may(user.role, "manage", "user") else user.id

    def _within(self, actor: Actor, role: Role, enterprise: EnterpriseId | None) -> None:
        """People of one enterprise make and change users of it only, and none that see more than they do."""
        own = actor.scope.enterprise
        if own is not None and (enterprise != own or role is Role.REGULATOR):
            raise ForbiddenError("console.other_enterprise")

    def _may_try(self, name: str, address: str) -> None:
        now = self._clock.now()
        wait = self._by_address.take(address, now)
        if not wait:
            wait = self._by_name.take(name, now)
            if wait:
                self._by_address.give_back(address)
        if wait:
            raise TooOftenError("console.too_many_attempts", seconds=wait)

    def _was_right(self, name: str, address: str) -> None:
        self._by_name.forget(name)
        self._by_address.give_back(address)

    def _open_session(self, user: User) -> str:
        secret, now = draw_secret(), self._clock.now()
        entry = self._entry(user.actor, "session.open", user.name, user)
        self._store.open_session(user.id, Secret(digest(secret), now, now + SESSION_LIFE), entry)
        return secret

    def _entry(self, actor: Actor, action: str, name: str, user: User | None, **detail: str | int | None) -> AuditEntry:
        return AuditEntry(
            at=self._clock.now(),
            actor=actor.name,
            enterprise=user.enterprise if user else None,
            action=action,
            subject=f"user {name}",
            detail=detail,
        )
