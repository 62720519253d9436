"""Users, tokens and the audit log as answers."""

from tallyward.console.look_up import LookUp
from tallyward.console.people import Token, User
from tallyward.console.roles import permissions
from tallyward.console.views.admin import AuditRow, TokenRow, UserAccount, UserRow
from tallyward.console.views.session import Me
from tallyward.registry.audit import AuditEntry


def me(look_up: LookUp, user: User) -> Me:
    """The visitor herself."""
    return Me(
        name=user.name,
        display_name=user.display_name,
        role=user.role,
        enterprise=None if user.enterprise is None else look_up.enterprise(user.enterprise),
        permissions=permissions(user.role),
        must_change_password=user.must_change_password,
        language=user.language,
    )


def user_row(look_up: LookUp, user: User, *, whole: bool) -> UserRow:
    """A user; the account only where `whole`."""
    return UserRow(name=user.name, display_name=user.display_name, account=_account(look_up, user) if whole else None)


def token_row(token: Token) -> TokenRow:
    """A token without its secret."""
    return TokenRow(
        id=token.id,
        name=token.name,
        user=token.user,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )


def audit_row(look_up: LookUp, entry: AuditEntry) -> AuditRow:
    """One entry of the audit log."""
    return AuditRow(
        at=entry.at,
        actor=entry.actor,
        enterprise=None if entry.enterprise is None else look_up.enterprise(entry.enterprise),
        action=entry.action,
        subject=entry.subject,
        detail=dict(entry.detail),
    )


def _account(look_up: LookUp, user: User) -> UserAccount:
    return UserAccount(
        role=user.role,
        enterprise=None if user.enterprise is None else look_up.enterprise(user.enterprise),
        language=user.language,
        disabled=user.disabled,
        must_change_password=user.must_change_password,
        created_at=user.created_at,
        last_sign_in_at=user.last_sign_in_at,
    )
