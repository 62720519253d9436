"""Credit of the ledger's organisations (信用查验): each answer is signed, and each look-up is noted."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from tallyward.console.roles import Role
from tallyward.console.routes.custody import desk, operator_of, organisation
from tallyward.console.services import ConsoleServices
from tallyward.console.show.credit import credit_answer, credit_subject, look_up_row, refused
from tallyward.console.views.credit import (
    CreditAnswer,
    CreditFound,
    CreditsFound,
    CreditSubjects,
    CreditWish,
    LookUpRows,
)
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.custody.look_ups import Ground
from tallyward.kernel.errors import ForbiddenError, TallywardError

router = APIRouter(prefix="/api/v1/custody/credit", tags=["custody"])
Reader = Annotated[Visitor, Depends(Needs("read", "credit"))]
Name = Annotated[str, Path(min_length=1, max_length=64)]
_NEWEST: Final = 500


@router.get("", operation_id="listCreditSubjects")
def list_credit_subjects(visitor: Reader, services: Services) -> CreditSubjects:
    """About whom one may ask; nobody is asked about yet."""
    if services.custody is None:
        return CreditSubjects(begun=False, asker=None, rows=[])
    try:
        asker = _asker(visitor, services)
    except ForbiddenError:
        return CreditSubjects(begun=True, asker=None, rows=[])
    return CreditSubjects(
        begun=True, asker=asker, rows=[credit_subject(one) for one in services.custody.partners(asker)]
    )


@router.post("", operation_id="lookUpCredits")
def look_up_credits(visitor: Reader, services: Services, wish: CreditWish) -> CreditsFound:
    """The credit of several organisations; each is told, or why not."""
    asker = _asker(visitor, services)
    return CreditsFound(rows=[_found(visitor, services, asker, one) for one in wish.organisations])


@router.get("/{organisation}", operation_id="getCredit")
def get_credit(visitor: Reader, services: Services, organisation: Name) -> CreditAnswer:
    """The credit of an organisation, with its reasons and a signed statement of it."""
    return _answer(visitor, services, _asker(visitor, services), organisation)


@router.get("/{organisation}/look-ups", operation_id="listCreditLookUps")
def list_credit_look_ups(visitor: Reader, services: Services, organisation: Name) -> LookUpRows:
    """Who was told the credit of an organisation; for itself, and for who sees every operator's lots."""
    if not _may_know(visitor, services, organisation):
        raise ForbiddenError("custody.look_up_forbidden", asker=_asker(visitor, services), about=organisation)
    rows = desk(services).look_ups(organisation)[:_NEWEST]
    return LookUpRows(rows=[look_up_row(one) for one in rows], next_cursor=None)


def _asker(visitor: Visitor, services: ConsoleServices) -> str:
    """In whose name the visitor asks: her enterprise; else the ledger's only operator, or its only regulator."""
    own = organisation(visitor, services)
    if own is not None:
        return own
    kind = Ground.REGULATOR if visitor.user.role is Role.REGULATOR else Ground.OPERATOR
    return desk(services).only(kind)


def _may_know(visitor: Visitor, services: ConsoleServices, about: str) -> bool:
    """Whether she may know who asked about an organisation: her own, or any where she sees all operators' lots."""
    return operator_of(visitor, services) in {None, about}


def _answer(visitor: Visitor, services: ConsoleServices, asker: str, about: str) -> CreditAnswer:
    custody = desk(services)
    open_to_her = _may_know(visitor, services, about)
    told = custody.credit(asker, about)
    return credit_answer(told, asker, custody.log, custody.names(), may_know_who_asked=open_to_her)


def _found(visitor: Visitor, services: ConsoleServices, asker: str, about: str) -> CreditFound:
    try:
        credit = _answer(visitor, services, asker, about)
        return CreditFound(organisation=about, credit=credit, refused=None, reason=None)
    except TallywardError as refusal:
        return refused(about, refusal)
