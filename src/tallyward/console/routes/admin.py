"""Users, tokens, audit log, enterprises, areas."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console import people
from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.roles import may
from tallyward.console.show.people import audit_row, token_row, user_row
from tallyward.console.views.admin import (
    AreaRow,
    AreaRows,
    AuditRows,
    EnterpriseRow,
    EnterpriseRows,
    NewToken,
    NewUser,
    TokenRows,
    TokenWithSecret,
    UserChange,
    UserRow,
    UserRows,
    UserWithPassword,
)
from tallyward.console.views.shared import Words
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(prefix="/api/v1", tags=["admin"])
UserAdmin = Annotated[Visitor, Depends(Needs("manage", "user"))]
TokenOwner = Annotated[Visitor, Depends(Needs("manage", "token"))]
UserName = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("/users", operation_id="listUsers")
def list_users(visitor: Annotated[Visitor, Depends(Needs("read", "user"))], services: Services) -> UserRows:
    """Users to assign work to; those who manage users see their accounts as well."""
    look_up, whole = LookUp(services, visitor.actor), may(visitor.user.role, "manage", "user")
    rows = [user_row(look_up, user, whole=whole) for user in services.accounts.users(visitor.actor)]
    return UserRows(rows=rows, next_cursor=None)


@router.post("/users", operation_id="addUser", status_code=201)
def add_user(visitor: UserAdmin, services: Services, wish: NewUser) -> UserWithPassword:
    """Make a user; the answer tells a one-time password once."""
    look_up = LookUp(services, visitor.actor)
    new = people.NewUser(
        name=wish.name,
        display_name=wish.display_name,
        role=wish.role,
        enterprise=look_up.enterprise_by_code(wish.enterprise) if wish.enterprise else None,
        language=wish.language,
    )
    user, password = services.accounts.add_user(visitor.actor, new)
    return UserWithPassword(user=user_row(look_up, user, whole=True), one_time_password=password)


@router.patch("/users/{name}", operation_id="changeUser")
def change_user(visitor: UserAdmin, services: Services, name: UserName, wish: UserChange) -> UserRow:
    """Change a user's name, role or access; a disabled user is signed out at once."""
    change = people.UserChange(wish.display_name, wish.role, wish.disabled)
    user = services.accounts.change_user(visitor.actor, name, change)
    return user_row(LookUp(services, visitor.actor), user, whole=True)


@router.post("/users/{name}/password-reset", operation_id="resetPassword")
def reset_password(visitor: UserAdmin, services: Services, name: UserName) -> UserWithPassword:
    """Give a user a new one-time password and end all sessions."""
    user, password = services.accounts.reset_password(visitor.actor, name)
    row = user_row(LookUp(services, visitor.actor), user, whole=True)
    return UserWithPassword(user=row, one_time_password=password)


@router.get("/tokens", operation_id="listTokens")
def list_tokens(visitor: TokenOwner, services: Services) -> TokenRows:
    """One's own tokens; for those who manage users everybody's."""
    return TokenRows(rows=[token_row(token) for token in services.accounts.tokens(visitor.user)], next_cursor=None)


@router.post("/tokens", operation_id="addToken", status_code=201)
def add_token(visitor: TokenOwner, services: Services, wish: NewToken) -> TokenWithSecret:
    """Make a token for oneself; the answer tells its secret once."""
    token, secret = services.accounts.add_token(visitor.by_cookie(), wish.name, wish.days)
    return TokenWithSecret(token=token_row(token), secret=secret)


@router.delete("/tokens/{token_id}", operation_id="revokeToken", status_code=204)
def revoke_token(visitor: TokenOwner, services: Services, token_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> None:
    """End a token."""
    services.accounts.revoke_token(visitor.by_cookie(), token_id)


@router.get("/audit", operation_id="listAudit")
def list_audit(
    visitor: Annotated[Visitor, Depends(Needs("read", "audit"))],
    services: Services,
    page: PageById,
    subject: Annotated[str | None, Query(max_length=100, description="such as `incident 12`")] = None,
) -> AuditRows:
    """Who changed or read what, newest first."""
    look_up = LookUp(services, visitor.actor)
    found = services.audit.page(visitor.actor.scope, page, subject=subject)
    return AuditRows(rows=[audit_row(look_up, entry) for entry in found.rows], next_cursor=found.next_cursor)


@router.get("/enterprises", operation_id="listEnterprises")
def list_enterprises(
    visitor: Annotated[Visitor, Depends(Needs("read", "enterprise"))], services: Services
) -> EnterpriseRows:
    """Enterprises one may see."""
    rows = [
        EnterpriseRow(id=one.id, code=one.code, name=one.name, kind=one.kind.value)
        for one in services.registry.enterprises(visitor.actor)
    ]
    return EnterpriseRows(rows=rows, next_cursor=None)


@router.get("/areas", operation_id="listAreas")
def list_areas(visitor: Annotated[Visitor, Depends(Needs("read", "area"))], services: Services) -> AreaRows:
    """All areas."""
    rows = [
        AreaRow(
            id=area.id,
            code=area.code,
            title=Words(en=area.title_en, zh_cn=area.title_zh),
            fraud_prone=area.fraud_prone,
        )
        for area in LookUp(services, visitor.actor).areas.values()
    ]
    return AreaRows(rows=rows, next_cursor=None)
