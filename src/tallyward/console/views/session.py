"""Who is signed in."""

from pydantic import Field

from tallyward.console.roles import Role
from tallyward.console.views.shared import Answer, EnterpriseRef, Wish
from tallyward.kernel.catalogue import Language


class SignIn(Wish):
    """Name and password of a local user."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class PasswordChange(Wish):
    """The old password proves the person, the new one has at least 12 characters."""

    old: str = Field(min_length=1, max_length=256)
    new: str = Field(min_length=1, max_length=256)


class LanguageChoice(Wish):
    """The language in which this person is spoken to."""

    language: Language


class Me(Answer):
    """The person at the other end."""

    name: str
    display_name: str
    role: Role
    enterprise: EnterpriseRef | None = Field(description="null: not bound to one enterprise")
    permissions: list[str] = Field(description="`resource:action`, as in the roles table")
    must_change_password: bool = Field(description="true: nothing but the password change is served yet")
    language: Language
