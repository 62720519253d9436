"""A witness that is asked over HTTP (C2SP tlog-witness `add-checkpoint`). Its answers are believed in nothing."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from tallyward.custody.checkpoint import NoteKey, NoteSignature, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.custody.witness_protocol import (
    MOST_BYTES,
    PATH,
    SIZE_TYPE,
    Request,
    parse_signatures,
    parse_size,
)
from tallyward.kernel.errors import ConflictError, InvalidError, UnavailableError

SECONDS: Final = 10.0
"""How long a witness may take for one answer."""
_TRIES: Final = 4


class _Answer(NamedTuple):
    status: int
    kind: str
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - a witness has one address
        """None: the redirection itself is the answer."""


class WitnessHttp:
    """One witness of one log; see `ports.CosigningWitness`."""

    def __init__(self, url: str, key: NoteKey, seconds: float = SECONDS) -> None:
        """`url`: its submission prefix; `key`: of its cosignatures. Refuses with `custody.witness_url`."""
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise InvalidError("custody.witness_url", url=url[:200])
        self.key = key
        self._url = url.rstrip("/") + PATH
        self._seconds = seconds
        self._old = 0
        self._opener = urllib.request.build_opener(_NoRedirect)

    def cosign(self, head: SignedCheckpoint, proof_from: Callable[[int], Sequence[bytes]]) -> NoteSignature:
        """Its signature of a head; see `ports.CosigningWitness`. What it has signed before it tells by refusing."""
        size = head.head.size
        for _ in range(_TRIES):
            old = min(self._old, size)
            proof = tuple(proof_from(old)) if 0 < old < size else ()
            answer = self._ask(Request(old, proof, head).body())
            if answer.status == HTTPStatus.OK:
                self._old = size
                return self._signature(head, answer.body)
            if answer.status != HTTPStatus.CONFLICT or answer.kind != SIZE_TYPE:
                break
            self._old = self._size(answer.body)
            if self._old > size:
                raise ConflictError("custody.head_stale", size=size, seen=self._old)
        raise ConflictError("custody.witness_refused", witness=self.key.name, status=answer.status)

    def _signature(self, head: SignedCheckpoint, body: bytes) -> NoteSignature:
        """Of all lines the one of the witness's own key, if it holds."""
        try:
            lines = parse_signatures(head, body)
        except MalformedError as error:
            raise self._strange(str(error)) from error
        for one in lines:
            if SignedCheckpoint(head.head, (one,)).signed_by([self.key]):
                return one
        raise self._strange("it has no signature of this witness that holds")

    def _size(self, body: bytes) -> int:
        try:
            return parse_size(body.decode("ascii").removesuffix("\n"))
        except (UnicodeDecodeError, MalformedError) as error:
            raise self._strange("the size that it tells is no number") from error

    def _strange(self, problem: str) -> InvalidError:
        return InvalidError("custody.witness_answer", witness=self.key.name, problem=problem)

    def _ask(self, body: bytes) -> _Answer:
        asked = urllib.request.Request(self._url, body, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310 - scheme checked
        try:
            with self._opened(asked) as answer:
                return self._read(answer)
        except (OSError, HTTPException, ValueError) as error:
            problem = str(getattr(error, "reason", error))[:200] or type(error).__name__
            raise UnavailableError("custody.witness_unreachable", witness=self.key.name, problem=problem) from error

    def _opened(self, asked: urllib.request.Request) -> Any:  # noqa: ANN401 - a response, or the error that is one too
        try:
            return self._opener.open(asked, timeout=self._seconds)
        except urllib.error.HTTPError as error:
            return error

    def _read(self, answer: Any) -> _Answer:  # noqa: ANN401
        """An answer of some kB in some seconds, however slowly it drips."""
        until, body = time.monotonic() + self._seconds, b""
        while piece := answer.read1(MOST_BYTES):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > until:
                raise self._strange("it is too long, or takes too long")
        return _Answer(answer.status, answer.headers.get("Content-Type", ""), body)
