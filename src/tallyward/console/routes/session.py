"""Sign in, sign out, who am I, change my password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from tallyward.console.views.session import LanguageChoice, Me, PasswordChange, SignIn
from tallyward.console.visitor import Visitor, cookie_only, identify

router = APIRouter(prefix="/api/v1/session", tags=["session"])
SignedIn = Annotated[Visitor, Depends(cookie_only)]


@router.post("", operation_id="signIn")
def sign_in(wish: SignIn, request: Request, response: Response) -> Me:
    """Open a session: the answer sets its cookie."""
    raise NotImplementedError


@router.get("", operation_id="whoAmI")
def who_am_i(visitor: Annotated[Visitor, Depends(identify)]) -> Me:
    """The person at the other end."""
    raise NotImplementedError


@router.delete("", operation_id="signOut", status_code=204)
def sign_out(visitor: SignedIn, request: Request, response: Response) -> None:
    """End the session."""
    raise NotImplementedError


@router.post("/password", operation_id="changePassword")
def change_password(visitor: SignedIn, wish: PasswordChange, request: Request, response: Response) -> Me:
    """Change the password; every other session of this person ends."""
    raise NotImplementedError


@router.put("/language", operation_id="chooseLanguage")
def choose_language(visitor: SignedIn, wish: LanguageChoice, request: Request) -> Me:
    """Remember the language."""
    raise NotImplementedError
