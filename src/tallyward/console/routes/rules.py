"""The rules in force."""

from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.views.rules import RuleRows
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(prefix="/api/v1", tags=["rules"])


@router.get("/rules", operation_id="listRules")
def list_rules(visitor: Annotated[Visitor, Depends(Needs("read", "rule"))], services: Services) -> RuleRows:
    """All rules in force, with their limits and conditions."""
    raise NotImplementedError
