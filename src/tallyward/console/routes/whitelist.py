"""The whitelist: which findings open no incident, why, and until when."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from tallyward.console.look_up import LookUp
from tallyward.console.show.whitelist import whitelist_row
from tallyward.console.views.whitelist import NewWhitelistEntry, WhitelistRow, WhitelistRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.detect.whitelisting import NewEntry
from tallyward.kernel.ids import RuleId

router = APIRouter(prefix="/api/v1/whitelist", tags=["rules"])
Reader = Annotated[Visitor, Depends(Needs("read", "whitelist"))]
Author = Annotated[Visitor, Depends(Needs("manage", "whitelist"))]


@router.get("", operation_id="listWhitelist")
def list_whitelist(visitor: Reader, services: Services) -> WhitelistRows:
    """Entries about cards one may see, newest first, also those that work no more."""
    look_up, now = LookUp(services, visitor.actor), services.whitelist.now()
    rows = [whitelist_row(look_up, entry, now) for entry in services.whitelist.entries(visitor.actor)]
    return WhitelistRows(rows=rows, next_cursor=None)


@router.post("", operation_id="addToWhitelist", status_code=201)
def add_to_whitelist(visitor: Author, services: Services, wish: NewWhitelistEntry) -> WhitelistRow:
    """Let findings of a rule (or of every one) on some cards open no incident until a moment."""
    wanted = NewEntry(
        rule=None if wish.rule is None else RuleId(wish.rule),
        reach=wish.reach,
        target=wish.target,
        reason=wish.reason,
        until=wish.until,
        operator=wish.operator,
    )
    entry = services.whitelist.add(visitor.actor, wanted)
    return whitelist_row(LookUp(services, visitor.actor), entry, services.whitelist.now())


@router.delete("/{entry_id}", operation_id="removeFromWhitelist")
def remove_from_whitelist(
    visitor: Author, services: Services, entry_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> WhitelistRow:
    """Take an entry back at once; it stays listed as removed."""
    entry = services.whitelist.remove(visitor.actor, entry_id)
    return whitelist_row(LookUp(services, visitor.actor), entry, services.whitelist.now())
