"""What is usual of each class of cards, as limits of rules follow from it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.look_up import LookUp
from tallyward.console.services import ConsoleServices
from tallyward.console.views.rule_baselines import ClassBaseline, ClassBaselineRows
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
    """The newest baselines. They are counted over the cards of all, so whoever sees a part of them is refused."""
    if not _sees_all(visitor.actor.scope, services):
        raise ForbiddenError("console.baselines_of_all")
    newest = services.baselines.newest()
    if newest is None:
        return ClassBaselineRows(version=None, computed_at=None, days=[], card_days=0, enough=ENOUGH, rows=[])
    version, made = newest
    look_up = LookUp(services, visitor.actor)
    return ClassBaselineRows(
        version=version,
        computed_at=made.computed_at,
        days=list(made.days),
        card_days=made.card_days,
        enough=made.enough,
        rows=[
            ClassBaseline(
                card_class=look_up.card_class(one.card_class),
                card_days=one.card_days,
                known=one.known,
                values=one.values,
                hours=list(one.shares),
            )
            for one in made.classes
        ],
    )


def _sees_all(scope: Scope, services: ConsoleServices) -> bool:
    """Every card: the platform's own people, and the only operator."""
    everybody = services.registry.enterprises(PLATFORM)
    operators = [one.id for one in everybody if one.kind is EnterpriseKind.OPERATOR]
    return scope.enterprise is None or operators == [scope.enterprise]
