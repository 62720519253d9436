"""The situation page."""

from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.views.situation import Situation
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(prefix="/api/v1", tags=["situation"])


@router.get("/situation", operation_id="getSituation")
def get_situation(visitor: Annotated[Visitor, Depends(Needs("read", "situation"))], services: Services) -> Situation:
    """The state of everything the visitor may see."""
    raise NotImplementedError
