"""A signed answer about an organisation's credit, which whoever has it checks offline. Pure.

Statement: CBOR array [body, key id, signature]; the signature is Ed25519 over `DOMAIN` and the body's bytes. It names
the ledger, its size and root, and the terms, so anybody with the entries computes it again; each reason names entries,
whose inclusion proofs under that root the ledger gives (`ports.Ledger.receipt`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tallyward.custody.codec import MalformedError, decode, encode
from tallyward.custody.credit import HIGHEST, Credit
from tallyward.custody.credit_terms import Terms
from tallyward.custody.entry import LEDGER_ID, key_id
from tallyward.custody.fields import data, digest, listed, row_of, rows, text, whole
from tallyward.kernel.errors import ForbiddenError, InvalidError

DOMAIN: Final = b"tallyward credit statement v1\0"
MOST_REASONS: Final = 5
MOST_ENTRIES: Final = 8
_MOST_BYTES: Final = 8_192


class StatedReason(NamedTuple):
    """Points lost for a reason; the entries that took most of them."""

    code: str
    lost: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """See `Credit`. `ledger`, `size`, `root`: of which log at which height; `terms`: their digest; times in seconds."""

    ledger: bytes
    size: int
    root: bytes
    time: int
    organisation: str
    score: int
    low: int
    high: int
    grade: str
    quota: int
    terms: bytes
    reasons: tuple[StatedReason, ...]
    issued: int
    expires: int


def stated(credit: Credit, ledger: bytes, root: bytes, terms: Terms, issued: int, expires: int) -> Statement:
    """What is to be signed. `root`: of the log's first `credit.size` entries."""
    lost = [one for one in credit.reasons if one.points < 0][:MOST_REASONS]
    reasons = tuple(
        StatedReason(one.code, -one.points, tuple(each.entry for each in one.entries[:MOST_ENTRIES])) for one in lost
    )
    if credit.capped is not None:
        reasons = (StatedReason("capped", 0, (credit.capped,)), *reasons)
    return Statement(
        ledger,
        credit.size,
        root,
        credit.time,
        credit.organisation,
        credit.score,
        credit.low,
        credit.high,
        credit.grade,
        credit.quota,
        terms.digest,
        reasons,
        issued,
        expires,
    )


def sign(one: Statement, secret: SigningKey) -> bytes:
    """The statement as it is handed out."""
    body = encode(
        [
            one.ledger,
            one.size,
            one.root,
            one.time,
            one.organisation,
            one.score,
            one.low,
            one.high,
            one.grade,
            one.quota,
            one.terms,
            [[reason.code, reason.lost, list(reason.entries)] for reason in one.reasons],
            one.issued,
            one.expires,
        ]
    )
    return encode([body, key_id(bytes(secret.verify_key)), secret.sign(DOMAIN + body).signature])


def verify(statement: bytes, keys: Iterable[bytes], now: int) -> Statement:
    """Read a statement, signed by one of some public keys and not out of date at `now`.

    Refuses with `custody.statement_invalid` or `custody.statement_expired`.
    """
    try:
        body, signer, signature = _outer(statement)
        found = _body(body)
    except MalformedError as error:
        raise InvalidError("custody.statement_invalid", problem=str(error)) from error
    public = next((one for one in keys if key_id(one) == signer), None)
    if public is None or not _holds(public, body, signature):
        raise ForbiddenError("custody.statement_invalid", problem="the signature is of no key that is trusted")
    if not found.issued <= now < found.expires:
        raise InvalidError("custody.statement_expired", issued=found.issued, expires=found.expires)
    return found


def _outer(statement: bytes) -> tuple[bytes, bytes, bytes]:
    if len(statement) > _MOST_BYTES:
        raise MalformedError(f"{len(statement)} bytes are over {_MOST_BYTES}")
    row = row_of(decode(statement), 3)
    return data(row[0]), data(row[1]), data(row[2])


def _body(body: bytes) -> Statement:
    row = row_of(decode(body), 14)
    reasons = tuple(
        StatedReason(text(code), whole(lost), tuple(map(whole, listed(entries))))
        for code, lost, entries in rows(row[11], 3)
    )
    ledger, score, low, high = data(row[0]), whole(row[5]), whole(row[6]), whole(row[7])
    if len(ledger) != LEDGER_ID or not low <= score <= high <= HIGHEST:
        raise MalformedError("its numbers do not fit together")
    return Statement(
        ledger,
        whole(row[1]),
        digest(row[2]),
        whole(row[3]),
        text(row[4]),
        score,
        low,
        high,
        text(row[8]),
        whole(row[9]),
        digest(row[10]),
        reasons,
        whole(row[12]),
        whole(row[13]),
    )


def _holds(public: bytes, body: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public).verify(DOMAIN + body, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
