"""What is usual of each class of cards, as limits of rules follow from it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.look_up import LookUp
from tallyward.console.services import ConsoleServices
from tallyward.console.show.rule_baselines import class_baseline, damage_of, uses_of
from tallyward.console.views.rule_baselines import ClassBaselineRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.detect.usual import ENOUGH
from tallyward.kernel.actor import PLATFORM, Scope
from tallyward.kernel.errors import ForbiddenError
from tallyward.registry.model import EnterpriseKind

router = APIRouter(prefix="/api/v1", tags=["rules"])


@router.get("/rules/baselines", operation_id="getBaselines")
def get_baselines(
    visitor: Annotated[Visitor, Depends(Needs("read", "source"))], services: Services
) -> ClassBaselineRows:
    """The baselines that rules go by: the newest, or the last good ones where those are damaged.

    They are counted over the cards of all, so whoever sees a part of them is refused.
    """
    if not _sees_all(visitor.actor.scope, services):
        raise ForbiddenError("console.baselines_of_all")
    damage = services.baselines.damage()
    newest = services.baselines.in_force()
    look_up = LookUp(services, visitor.actor)
    uses = uses_of(services.rules.book().rules, look_up, newest[1].by_name if newest else {})
    if newest is None:
        return ClassBaselineRows(
            version=None, computed_at=None, days=[], card_days=0, enough=ENOUGH, rows=[], damaged=None, uses=uses
        )
    version, made = newest
    return ClassBaselineRows(
        version=version,
        computed_at=made.computed_at,
        days=list(made.days),
        card_days=made.card_days,
        enough=made.enough,
        rows=[class_baseline(one, look_up) for one in made.classes],
        damaged=damage_of(damage),
        uses=uses,
    )


def _sees_all(scope: Scope, services: ConsoleServices) -> bool:
    """Every card: the platform's own people, and the only operator."""
    everybody = services.registry.enterprises(PLATFORM)
    operators = [one.id for one in everybody if one.kind is EnterpriseKind.OPERATOR]
    return scope.enterprise is None or operators == [scope.enterprise]
