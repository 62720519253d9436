"""Who asks: every route takes a `Needs`, which finds the visitor and asks the roles table."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from tallyward.console.people import User
from tallyward.console.roles import Action, Resource, may
from tallyward.console.services import ConsoleServices
from tallyward.kernel.actor import Actor
from tallyward.kernel.errors import ForbiddenError, UnauthenticatedError

SESSION_COOKIE = "tallyward_session"
CSRF_HEADER = "X-Tallyward"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user at the other end; `session` is the cookie's secret, None for a token."""

    user: User
    session: str | None

    @property
    def actor(self) -> Actor:
        """As services know her."""
        return self.user.actor

    def by_cookie(self) -> User:
        """The user, who must have signed in herself; refuses with `console.cookie_only`."""
        if self.session is None:
            raise ForbiddenError("console.cookie_only")
        return self.user


def services_of(request: Request) -> ConsoleServices:
    """The services the app was made with."""
    found: ConsoleServices = request.app.state.services
    return found


Services = Annotated[ConsoleServices, Depends(services_of)]


def identify(request: Request) -> Visitor:
    """The visitor by token or cookie; refuses with `console.not_signed_in`, `console.token`, `console.csrf`."""
    accounts = services_of(request).accounts
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Visitor(accounts.user_of_token(bearer.strip()), None)
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        raise UnauthenticatedError("console.not_signed_in")
    user = accounts.user_of_session(secret)
    if request.method not in SAFE_METHODS and request.headers.get(CSRF_HEADER) != "1":
        raise ForbiddenError("console.csrf", header=CSRF_HEADER)
    return Visitor(user, secret)


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency: the visitor, if the roles table lets her `action` this `resource`."""

    action: Action
    resource: Resource

    def __call__(self, request: Request) -> Visitor:
        """Refuse with `console.password_change_first` or `console.not_allowed`."""
        visitor = identify(request)
        if visitor.user.must_change_password:
            raise ForbiddenError("console.password_change_first")
        if not may(visitor.user.role, self.action, self.resource):
            raise ForbiddenError(
                "console.not_allowed", role=visitor.user.role.value, permission=f"{self.resource}:{self.action}"
            )
        return visitor


def cookie_only(request: Request) -> Visitor:
    """The visitor by cookie: tokens can't manage passwords, sessions or tokens. Also before the password change."""
    visitor = identify(request)
    visitor.by_cookie()
    return visitor
