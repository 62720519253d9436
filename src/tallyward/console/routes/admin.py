"""Users, tokens, audit log, enterprises, areas."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console.paging import PageById
from tallyward.console.views.admin import (
    AreaRows,
    AuditRows,
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
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(prefix="/api/v1", tags=["admin"])
UserAdmin = Annotated[Visitor, Depends(Needs("manage", "user"))]
TokenOwner = Annotated[Visitor, Depends(Needs("manage", "token"))]
UserName = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("/users", operation_id="listUsers")
def list_users(visitor: Annotated[Visitor, Depends(Needs("read", "user"))], services: Services) -> UserRows:
    """Users to assign work to; those who manage users see their accounts as well."""
    raise NotImplementedError


@router.post("/users", operation_id="addUser", status_code=201)
def add_user(visitor: UserAdmin, services: Services, wish: NewUser) -> UserWithPassword:
    """Make a user; the answer tells a one-time password once."""
    raise NotImplementedError


@router.patch("/users/{name}", operation_id="changeUser")
def change_user(visitor: UserAdmin, services: Services, name: UserName, wish: UserChange) -> UserRow:
    """Change a user's name, role or access; a disabled user is signed out at once."""
    raise NotImplementedError


@router.post("/users/{name}/password-reset", operation_id="resetPassword")
def reset_password(visitor: UserAdmin, services: Services, name: UserName) -> UserWithPassword:
    """Give a user a new one-time password and end all sessions."""
    raise NotImplementedError


@router.get("/tokens", operation_id="listTokens")
def list_tokens(visitor: TokenOwner, services: Services) -> TokenRows:
    """One's own tokens; for those who manage users everybody's."""
    raise NotImplementedError


@router.post("/tokens", operation_id="addToken", status_code=201)
def add_token(visitor: TokenOwner, services: Services, wish: NewToken) -> TokenWithSecret:
    """Make a token for oneself; the answer tells its secret once."""
    raise NotImplementedError


@router.delete("/tokens/{token_id}", operation_id="revokeToken", status_code=204)
def revoke_token(visitor: TokenOwner, services: Services, token_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> None:
    """End a token."""
    raise NotImplementedError


@router.get("/audit", operation_id="listAudit")
def list_audit(
    visitor: Annotated[Visitor, Depends(Needs("read", "audit"))],
    services: Services,
    page: PageById,
    subject: Annotated[str | None, Query(max_length=100, description="such as incident:12")] = None,
) -> AuditRows:
    """Who changed or read what, newest first."""
    raise NotImplementedError


@router.get("/enterprises", operation_id="listEnterprises")
def list_enterprises(
    visitor: Annotated[Visitor, Depends(Needs("read", "enterprise"))], services: Services
) -> EnterpriseRows:
    """Enterprises one may see."""
    raise NotImplementedError


@router.get("/areas", operation_id="listAreas")
def list_areas(visitor: Annotated[Visitor, Depends(Needs("read", "area"))], services: Services) -> AreaRows:
    """All areas."""
    raise NotImplementedError
