"""Dry runs of a rule's text over stored days: begun, watched, ended. They open no incident."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from tallyward.console.look_up import LookUp
from tallyward.console.services import ConsoleServices
from tallyward.console.show.dry_runs import dry_run_detail, dry_run_row
from tallyward.console.views.dry_runs import DryRunDetail, DryRunRow, DryRunRows, DryRunWish
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.detect.dry_runs import Trying

router = APIRouter(prefix="/api/v1/dry-runs", tags=["rules"])
Author = Annotated[Visitor, Depends(Needs("manage", "rule"))]
DryRunNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", operation_id="listDryRuns")
def list_dry_runs(visitor: Author, services: Services) -> DryRunRows:
    """Dry runs of this server, newest first."""
    services.rules.check_may_change(visitor.actor)
    return DryRunRows(rows=[dry_run_row(one) for one in services.dry_runs.known()], next_cursor=None)


@router.post("", operation_id="startDryRun", status_code=202)
def start_dry_run(visitor: Author, services: Services, wish: DryRunWish) -> DryRunRow:
    """Begin one, where none goes on. Who tries what is written to the audit log: the answer shows records."""
    services.rules.check_may_change(visitor.actor)
    trying = services.dry_runs.start(visitor.actor, wish.text.encode(), wish.since, wish.until)
    services.accounts.note_reading(
        visitor.user, f"rule {trying.rule.id}", visitor.actor.scope.enterprise, day=trying.days[-1].isoformat()
    )
    return dry_run_row(trying)


@router.get("/{dry_run_id}", operation_id="getDryRun")
def get_dry_run(visitor: Author, services: Services, dry_run_id: DryRunNumber) -> DryRunDetail:
    """How far it is; once it is done, how many cards, which, what was observed, and the cost."""
    services.rules.check_may_change(visitor.actor)
    return _detail(visitor, services, services.dry_runs.one(dry_run_id))


@router.delete("/{dry_run_id}", operation_id="cancelDryRun")
def cancel_dry_run(visitor: Author, services: Services, dry_run_id: DryRunNumber) -> DryRunDetail:
    """End it where it still goes on."""
    services.rules.check_may_change(visitor.actor)
    return _detail(visitor, services, services.dry_runs.cancel(dry_run_id))


def _detail(visitor: Visitor, services: ConsoleServices, trying: Trying) -> DryRunDetail:
    cards = sorted(trying.found.run.all_cards) if trying.found else []
    holders = [holder for holder, _ in services.registry.owners(cards).values()] if cards else []
    return dry_run_detail(LookUp(services, visitor.actor), trying, holders)
