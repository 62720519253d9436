"""Users, their sessions and tokens, as values. Pure: what a user may see follows from her role and enterprise."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tallyward.console.roles import Role
from tallyward.kernel.actor import EVERYTHING, Actor, Scope
from tallyward.kernel.catalogue import Language
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import EnterpriseId, UserId

SESSION_LIFE: Final = timedelta(hours=12)
USER_NAME: Final = r"[a-z0-9][a-z0-9._-]{1,63}"
MIN_PASSWORD: Final = 12
MAX_PASSWORD: Final = 256
_NAME: Final = re.compile(USER_NAME)
BOUND_ROLES: Final = frozenset({Role.FLEET_OWNER, Role.ENGINEER})
"""Roles that see one enterprise's rows, so a user of them must have one."""


@dataclass(frozen=True, slots=True)
class User:
    """A local user. `enterprise` None: bound to none, sees every row that the role allows."""

    id: UserId
    name: str
    display_name: str
    role: Role
    enterprise: EnterpriseId | None
    language: Language
    disabled: bool
    must_change_password: bool
    created_at: datetime
    last_sign_in_at: datetime | None

    @property
    def actor(self) -> Actor:
        """How services and the audit log know this user. A regulator sees the rows of every enterprise."""
        return Actor(self.name, EVERYTHING if self.role is Role.REGULATOR else Scope(self.enterprise))


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret."""

    id: int
    name: str
    user: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an administrator says of a user to be made."""

    name: str
    display_name: str
    role: Role
    enterprise: EnterpriseId | None
    language: Language = "zh-CN"


@dataclass(frozen=True, slots=True)
class UserChange:
    """What to change; None leaves as it is."""

    display_name: str | None = None
    role: Role | None = None
    disabled: bool | None = None


def check_name(name: str) -> None:
    """Refuse with `console.user_name` what is no user name: it stands in addresses, commands and the audit log."""
    if not _NAME.fullmatch(name):
        raise InvalidError("console.user_name", name=name[:64])


def check_role(role: Role, enterprise: EnterpriseId | None) -> None:
    """Refuse with `console.enterprise_needed` a role that can't be held without an enterprise."""
    if role in BOUND_ROLES and enterprise is None:
        raise InvalidError("console.enterprise_needed", role=role.value)


def check_password(name: str, password: str) -> None:
    """Refuse with `console.password_short`, `_long` or `_weak` (NIST SP 800-63B-4, 3.1.1: length, no composition)."""
    if len(password) < MIN_PASSWORD:
        raise InvalidError("console.password_short", least=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise InvalidError("console.password_long", most=MAX_PASSWORD)
    folded = password.casefold()
    if len(set(folded)) < MIN_PASSWORD // 3 or folded in (name.casefold() * MAX_PASSWORD)[: len(folded)]:
        raise InvalidError("console.password_weak")
