"""Inspections of real-name registration: the list, one of them, the notice on one enterprise, and both as files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.show.inspections import inspection_detail, inspection_head, notice_detail
from tallyward.console.show.notice_files import EnterpriseName, late_csv, notice_csv, notice_html
from tallyward.console.views.inspections import InspectionDetail, InspectionRows, NoticeDetail
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import EnterpriseId

router = APIRouter(prefix="/api/v1/inspections", tags=["inspections"])
Reader = Annotated[Visitor, Depends(Needs("read", "inspection"))]
InspectionNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
EnterpriseNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
Tongue = Annotated[Language, Query(description="language of the file")]


class HtmlFile(Response):
    """A page to keep or to print."""

    media_type = "text/html"


class CsvFile(Response):
    """A table for spreadsheets."""

    media_type = "text/csv"


@router.get("", operation_id="listInspections")
def list_inspections(visitor: Reader, services: Services, page: PageById) -> InspectionRows:
    """Kept inspections, newest first."""
    found = services.inspections.page(visitor.actor, page)
    return InspectionRows(rows=[inspection_head(one) for one in found.rows], next_cursor=found.next_cursor)


@router.get("/{inspection_id}", operation_id="getInspection")
def get_inspection(visitor: Reader, services: Services, inspection_id: InspectionNumber) -> InspectionDetail:
    """One inspection: its enterprises, the worst first."""
    found = services.inspections.one(visitor.actor, inspection_id)
    return inspection_detail(LookUp(services, visitor.actor), found)


@router.get("/{inspection_id}/file.html", operation_id="getInspectionHtml", response_class=HtmlFile)
def get_inspection_html(
    visitor: Reader, services: Services, inspection_id: InspectionNumber, language: Tongue = "en"
) -> Response:
    """All enterprises of an inspection as a page to print."""
    found = services.inspections.one(visitor.actor, inspection_id)
    name = _names(LookUp(services, visitor.actor))
    return _html(notice_html(found.inspection, found.notices, name, language), f"{inspection_id}")


@router.get("/{inspection_id}/file.csv", operation_id="getInspectionCsv", response_class=CsvFile)
def get_inspection_csv(
    visitor: Reader, services: Services, inspection_id: InspectionNumber, language: Tongue = "en"
) -> Response:
    """All enterprises of an inspection as a table."""
    found = services.inspections.one(visitor.actor, inspection_id)
    name = _names(LookUp(services, visitor.actor))
    return _csv(notice_csv(found.inspection, found.notices, name, language), f"{inspection_id}")


@router.get("/{inspection_id}/enterprises/{enterprise_id}", operation_id="getNotice")
def get_notice(
    visitor: Reader, services: Services, inspection_id: InspectionNumber, enterprise_id: EnterpriseNumber
) -> NoticeDetail:
    """The notice on one enterprise, with the cards that are longest without registration."""
    found = services.inspections.notice(visitor.actor, inspection_id, EnterpriseId(enterprise_id))
    return notice_detail(LookUp(services, visitor.actor), *found)


@router.get(
    "/{inspection_id}/enterprises/{enterprise_id}/file.html", operation_id="getNoticeHtml", response_class=HtmlFile
)
def get_notice_html(
    visitor: Reader,
    services: Services,
    inspection_id: InspectionNumber,
    enterprise_id: EnterpriseNumber,
    language: Tongue = "en",
) -> Response:
    """The notice on one enterprise as a page to print."""
    head, notice = services.inspections.notice(visitor.actor, inspection_id, EnterpriseId(enterprise_id))
    name = _names(LookUp(services, visitor.actor))
    return _html(notice_html(head, [notice], name, language), f"{inspection_id}-{enterprise_id}")


@router.get(
    "/{inspection_id}/enterprises/{enterprise_id}/file.csv", operation_id="getNoticeCsv", response_class=CsvFile
)
def get_notice_csv(
    visitor: Reader,
    services: Services,
    inspection_id: InspectionNumber,
    enterprise_id: EnterpriseNumber,
    language: Tongue = "en",
) -> Response:
    """The cards of one enterprise that are longest without registration as a table."""
    head, notice = services.inspections.notice(visitor.actor, inspection_id, EnterpriseId(enterprise_id))
    return _csv(late_csv(head, notice, language), f"{inspection_id}-{enterprise_id}")


def _names(look_up: LookUp) -> EnterpriseName:
    def name(enterprise: EnterpriseId) -> tuple[str, str]:
        found = look_up.enterprise(enterprise)
        return found.code, found.name

    return name


def _html(text: str, number: str) -> Response:
    return HtmlFile(text, headers=_attached(number, "html"))


def _csv(text: str, number: str) -> Response:
    return CsvFile(text, headers=_attached(number, "csv"))


def _attached(number: str, ending: str) -> dict[str, str]:
    """Kept as a file, never shown on the console's own address: there it could not be styled, and must not run."""
    return {"Content-Disposition": f'attachment; filename="real-name-inspection-{number}.{ending}"'}
