"""What stands before every request: bounded bodies, security headers, metrics, and a last net for what nobody caught.

Plain ASGI, so that streams pass through it unbuffered.
"""

import secrets
import time
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tallyward.console.metrics import Metrics
from tallyward.console.problems import answer
from tallyward.kernel.errors import CorruptError, InvalidError, TallywardError, TooLargeError

MAX_BODY: Final = 64 * 1024
"""Bytes: the longest body that any route takes is a comment."""
_PAGES_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)  # styles: Ant Design writes style elements at run time
_API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR: Final = "max-age=31536000"
_log = structlog.get_logger(__name__)


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, https: bool) -> None:
        """`https`: tell browsers to come back by https only."""
        self._app = app
        self._metrics = metrics
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; anything but HTTP passes untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, https=self._https)
        began = time.perf_counter()
        try:
            await self._serve(scope, receive, exchange)
        except ClientDisconnect:
            pass
        finally:
            self._metrics.note(scope, exchange.status, time.perf_counter() - began)

    async def _serve(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        language = Headers(scope=scope).get("Accept-Language", "")
        try:
            _check_address(scope)
            whole = await _read_body(scope, receive)
            await self._app(scope, whole, exchange.send)
        except TallywardError as refusal:
            await answer(refusal, language)(scope, receive, exchange.send)
        except ClientDisconnect:
            raise
        except Exception:
            reference = secrets.token_hex(6)
            _log.exception("request failed", reference=reference, method=scope["method"], path=scope["path"])
            if exchange.status is not None:
                raise
            await answer(CorruptError("console.unexpected", reference=reference), language)(
                scope, receive, exchange.send
            )


class _Exchange:
    """The answer on its way out: adds the headers, remembers the status."""

    def __init__(self, scope: Scope, send: Send, *, https: bool) -> None:
        self._send = send
        self._api = scope["path"].startswith(("/api/", "/metrics"))
        self._https = https
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = _API_POLICY if self._api else _PAGES_POLICY
            if self._https:
                headers["Strict-Transport-Security"] = _A_YEAR
            if self._api and "Cache-Control" not in headers:
                headers["Cache-Control"] = "no-store"
        await self._send(message)


def _check_address(scope: Scope) -> None:
    """No database keeps a zero character in text: refuse it here, once for all parameters."""
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        raise InvalidError("console.request", field="address", problem="zero character")


async def _read_body(scope: Scope, receive: Receive) -> Receive:
    """The request with its body read whole; refuses with `console.body_large`, before reading where it says so."""
    length = Headers(scope=scope).get("Content-Length", "0")
    if not length.isdigit() or int(length) > MAX_BODY:
        raise TooLargeError("console.body_large", most=MAX_BODY)
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise TooLargeError("console.body_large", most=MAX_BODY)
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return replay
