"""Refusals as RFC 9457 problem details, in the language that was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tallyward.console.views.shared import FieldProblem, Problem
from tallyward.kernel.catalogue import Language, prefer, words
from tallyward.kernel.errors import InvalidError, NotFoundError, TallywardError

MEDIA_TYPE: Final = "application/problem+json"
_KINDS: Final = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_often",
    503: "unavailable",
}
_MANY_FIELDS: Final = 20
_BAD_REQUEST, _NOT_FOUND, _NOT_THAT_METHOD = 400, 404, 405


class MethodError(TallywardError):
    """An address that does not take this method."""

    status = 405
    exit_code = 2


def problem_of(refusal: TallywardError, language: Language, fields: Sequence[FieldProblem] = ()) -> Problem:
    """The problem that tells of a refusal."""
    return Problem(
        type=f"urn:tallyward:{refusal.code}",
        title=words(language, f"console.problem.{_KINDS.get(refusal.status, 'internal')}"),
        status=refusal.status,
        detail=refusal.sentence(language),
        code=refusal.code,
        next=refusal.next_step(language),
        parameters=dict(refusal.parameters),
        fields=list(fields),
    )


def answer(refusal: TallywardError, accept_language: str, fields: Sequence[FieldProblem] = ()) -> JSONResponse:
    """The response that tells of a refusal."""
    language = prefer(accept_language)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    seconds = refusal.parameters.get("seconds")
    if isinstance(seconds, int):
        headers["Retry-After"] = str(seconds)
    if refusal.status == 401:  # noqa: PLR2004 - RFC 9110, 15.5.2: a 401 names the way to sign in
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        problem_of(refusal, language, fields).model_dump(mode="json"),
        status_code=refusal.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def handle_problems(app: FastAPI) -> None:
    """Tell refusals, wrong requests and wrong addresses as problems."""
    app.add_exception_handler(TallywardError, _refused)
    app.add_exception_handler(RequestValidationError, _wrong_request)
    app.add_exception_handler(HTTPException, _wrong_address)


async def _refused(request: Request, refusal: Exception) -> JSONResponse:
    if not isinstance(refusal, TallywardError):
        raise refusal
    return answer(refusal, _asked(request))


async def _wrong_request(request: Request, wrong: Exception) -> JSONResponse:
    if not isinstance(wrong, RequestValidationError):
        raise wrong
    fields = [FieldProblem(field=_name(error), problem=str(error["msg"])) for error in wrong.errors()[:_MANY_FIELDS]]
    first = fields[0]
    return answer(InvalidError("console.request", field=first.field, problem=first.problem), _asked(request), fields)


async def _wrong_address(request: Request, wrong: Exception) -> JSONResponse:
    if not isinstance(wrong, HTTPException):
        raise wrong
    refusal: TallywardError
    path = request.url.path[:200]
    if wrong.status_code == _NOT_FOUND:
        refusal = NotFoundError("console.no_path", path=path)
    elif wrong.status_code == _NOT_THAT_METHOD:
        refusal = MethodError("console.method", path=path, method=request.method)
    else:
        refusal = InvalidError("console.request", field="body", problem=str(wrong.detail)[:200])
    told = answer(refusal, _asked(request))
    if wrong.headers and "allow" in {name.lower() for name in wrong.headers}:
        told.headers["Allow"] = wrong.headers["Allow"]
    return told


def _asked(request: Request) -> str:
    return request.headers.get("Accept-Language", "")


def _name(error: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"])[:100]
