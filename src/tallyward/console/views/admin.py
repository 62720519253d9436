"""Users, tokens, audit log, enterprises, areas."""

from typing import Annotated

from pydantic import Field

from tallyward.console.people import USER_NAME
from tallyward.console.roles import Role
from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Wish, Words
from tallyward.kernel.catalogue import Language

UserName = Annotated[str, Field(max_length=64, pattern=f"^{USER_NAME}$")]


class UserAccount(Answer):
    """What those who manage users see of one."""

    role: Role
    enterprise: EnterpriseRef | None
    language: Language
    disabled: bool
    must_change_password: bool
    created_at: Moment
    last_sign_in_at: Moment | None


class UserRow(Answer):
    """A user; `account` is null for those who only need names to assign work to."""

    name: str
    display_name: str
    account: UserAccount | None


class UserRows(Rows[UserRow]):
    """A page of users."""


class NewUser(Wish):
    """A user to be made. The platform draws the first password."""

    name: UserName
    display_name: str = Field(min_length=1, max_length=100)
    role: Role
    enterprise: str | None = Field(default=None, max_length=64, description="code; null: not bound to one enterprise")
    language: Language = "zh-CN"


class UserChange(Wish):
    """What to change about a user; what is absent stays."""

    display_name: str | None = Field(default=None, min_length=1, max_length=100)
    role: Role | None = None
    disabled: bool | None = None


class UserWithPassword(Answer):
    """A user and the one-time password, told this once."""

    user: UserRow
    one_time_password: str


class TokenRow(Answer):
    """An API token; its secret is not kept."""

    id: int
    name: str
    user: str
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None


class TokenRows(Rows[TokenRow]):
    """Tokens: one's own, and for those who manage users everybody's."""


class NewToken(Wish):
    """A token to be made; it may do what its user may."""

    name: str = Field(min_length=1, max_length=64)
    days: int = Field(default=90, ge=1, le=366)


class TokenWithSecret(Answer):
    """A token and its secret, told this once: `Authorization: Bearer tw_...`."""

    token: TokenRow
    secret: str


class AuditRow(Answer):
    """One change or one audited reading."""

    at: Moment
    actor: str
    enterprise: EnterpriseRef | None
    action: str
    subject: str
    detail: dict[str, str | int | None]


class AuditRows(Rows[AuditRow]):
    """A page of the audit log, newest first."""


class EnterpriseRow(Answer):
    """One enterprise."""

    id: int
    code: str
    name: str
    kind: str


class EnterpriseRows(Rows[EnterpriseRow]):
    """Enterprises one may see."""


class AreaRow(Answer):
    """One area."""

    id: int
    code: str
    title: Words
    fraud_prone: bool


class AreaRows(Rows[AreaRow]):
    """All areas."""


class Health(Answer):
    """The server answers."""

    status: str
    version: str
