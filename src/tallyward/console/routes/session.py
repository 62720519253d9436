"""Sign in, sign out, who am I, change my password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from tallyward.console.look_up import LookUp
from tallyward.console.people import SESSION_LIFE, User
from tallyward.console.services import ConsoleServices
from tallyward.console.show.people import me
from tallyward.console.views.session import LanguageChoice, Me, PasswordChange, SignIn
from tallyward.console.visitor import SESSION_COOKIE, Services, Visitor, cookie_only, identify

router = APIRouter(prefix="/api/v1/session", tags=["session"])
SignedIn = Annotated[Visitor, Depends(cookie_only)]


@router.post("", operation_id="signIn")
def sign_in(wish: SignIn, services: Services, request: Request, response: Response) -> Me:
    """Open a session: the answer sets its cookie. A session the browser held before ends."""
    user, secret = services.accounts.sign_in(wish.name, wish.password, _address(request))
    before = request.cookies.get(SESSION_COOKIE)
    if before:
        services.accounts.sign_out(user, before)
    _set_cookie(response, services, secret)
    return _me(services, user)


@router.get("", operation_id="whoAmI")
def who_am_i(visitor: Annotated[Visitor, Depends(identify)], services: Services) -> Me:
    """The person at the other end."""
    return _me(services, visitor.user)


@router.delete("", operation_id="signOut", status_code=204)
def sign_out(visitor: SignedIn, services: Services, response: Response) -> None:
    """End the session."""
    services.accounts.sign_out(visitor.user, visitor.session or "")
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=services.https)


@router.post("/password", operation_id="changePassword")
def change_password(
    visitor: SignedIn, services: Services, wish: PasswordChange, request: Request, response: Response
) -> Me:
    """Change the password; every other session of this person ends."""
    user, secret = services.accounts.change_password(visitor.user, wish.old, wish.new, _address(request))
    _set_cookie(response, services, secret)
    return _me(services, user)


@router.put("/language", operation_id="chooseLanguage")
def choose_language(visitor: SignedIn, services: Services, wish: LanguageChoice) -> Me:
    """Remember the language."""
    return _me(services, services.accounts.choose_language(visitor.user, wish.language))


def _me(services: ConsoleServices, user: User) -> Me:
    return me(LookUp(services, user.actor), user)


def _set_cookie(response: Response, services: ConsoleServices, secret: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=services.https,
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"
