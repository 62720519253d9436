"""What CometBFT asks and how it is answered: ABCI 2.0, proto/tendermint/abci/types.proto of v0.38. Pure.

Numbers are those of the .proto file. Of requests only the fields are read that the ledger looks at.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NoReturn

from tallyward.custody.adapters.abci_wire import Value, message, packed, read_fields, signed
from tallyward.custody.codec import MalformedError

ACCEPT: Final = 1
REJECT: Final = 2
ABORT: Final = 2
"""Of OfferSnapshot and ApplySnapshotChunk: no snapshot at all is taken."""
OTHER_SNAPSHOT: Final = 3
"""Of OfferSnapshot: not this one."""
DROP_SNAPSHOT: Final = 5
"""Of ApplySnapshotChunk: not this one after all."""
REJECT_FORMAT: Final = 4
RETRY: Final = 3


class Ask(IntEnum):
    """The one field of a `Request` that is set: what is asked for. The `Response` has the number below in `_ANSWER`."""

    ECHO = 1
    FLUSH = 2
    INFO = 3
    INIT_CHAIN = 5
    QUERY = 6
    CHECK_TX = 8
    COMMIT = 11
    LIST_SNAPSHOTS = 12
    OFFER_SNAPSHOT = 13
    LOAD_SNAPSHOT_CHUNK = 14
    APPLY_SNAPSHOT_CHUNK = 15
    PREPARE_PROPOSAL = 16
    PROCESS_PROPOSAL = 17
    EXTEND_VOTE = 18
    VERIFY_VOTE_EXTENSION = 19
    FINALIZE_BLOCK = 20


_EXCEPTION: Final = 1
_ANSWER: Final = {one: 1 + int(one) for one in Ask}
"""`Response` has an exception in front, so each answer's number is its question's and one."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question and its fields: of those that a message has more than once all values, of others the last."""

    ask: Ask
    fields: dict[int, list[Value]]

    def number(self, field: int) -> int:
        """A number; 0 if it is not there."""
        value = self.fields.get(field, [0])[-1]
        return signed(value) if isinstance(value, int) else _other(field)

    def data(self, field: int) -> bytes:
        """Bytes; none if they are not there."""
        value = self.fields.get(field, [b""])[-1]
        return value if isinstance(value, bytes) else _other(field)

    def text(self, field: int) -> str:
        """A text."""
        try:
            return self.data(field).decode()
        except UnicodeDecodeError as error:
            raise MalformedError(f"field {field} is no text") from error

    def all(self, field: int) -> list[bytes]:
        """All values of a repeated field."""
        return [value if isinstance(value, bytes) else _other(field) for value in self.fields.get(field, ())]

    def time(self, field: int) -> int:
        """A google.protobuf.Timestamp in whole seconds since 1970."""
        return Request(self.ask, collected(self.data(field))).number(1)


def parse_request(frame: bytes) -> Request:
    """The question in a frame; refuses what is none with `MalformedError`."""
    found = list(read_fields(frame))
    if len(found) != 1:
        raise MalformedError("a request asks for one thing")
    number, value = found[0]
    try:
        ask = Ask(number)
    except ValueError as error:
        raise MalformedError(f"request {number} is not known") from error
    return Request(ask, collected(value if isinstance(value, bytes) else _other(number)))


def answer(ask: Ask, body: bytes = b"") -> bytes:
    """A `Response`; an empty body is still told, as CometBFT waits for its kind."""
    return message((_ANSWER[ask], [body]))


def exception(why: str) -> bytes:
    """What ends the connection: the application can't go on."""
    return message((_EXCEPTION, [message((1, why))]))


def info(data: str, version: str, height: int, app_hash: bytes) -> bytes:
    """ResponseInfo: where the application is."""
    return message((1, data), (2, version), (4, height), (5, app_hash))


def init_chain(validators: dict[bytes, int], app_hash: bytes) -> bytes:
    """ResponseInitChain."""
    return message((2, _updates(validators)), (3, app_hash))


def query(code: int, value: bytes, height: int, log: str = "") -> bytes:
    """ResponseQuery."""
    return message((1, code), (3, log), (7, value), (9, height))


def result(code: int, data: bytes = b"", log: str = "") -> bytes:
    """ResponseCheckTx and ExecTxResult, which have the same numbers. `log` is for people and is not hashed."""
    return message((1, code), (2, data), (3, log))


def proposal(transactions: list[bytes]) -> bytes:
    """ResponsePrepareProposal."""
    return message((1, transactions))


def verdict(status: int) -> bytes:
    """ResponseProcessProposal and others whose first field is ACCEPT or REJECT."""
    return message((1, status))


def snapshots(*found: bytes) -> bytes:
    """ResponseListSnapshots."""
    return message((1, found))


def snapshot(height: int, form: int, chunks: int, digest: bytes, metadata: bytes) -> bytes:
    """Snapshot."""
    return message((1, height), (2, form), (3, chunks), (4, digest), (5, metadata))


def chunk(data: bytes) -> bytes:
    """ResponseLoadSnapshotChunk."""
    return message((1, data))


def again(place: int, sender: str) -> bytes:
    """ResponseApplySnapshotChunk: this chunk once more, of somebody else."""
    return message((1, RETRY), (2, packed(place)), (3, sender))


def finalized(results: list[bytes], validators: dict[bytes, int], app_hash: bytes) -> bytes:
    """ResponseFinalizeBlock. `validators`: power by public key (Ed25519) of those that change; 0 takes one out."""
    return message((2, results), (3, _updates(validators)), (5, app_hash))


def _updates(validators: dict[bytes, int]) -> list[bytes]:
    return [message((1, [message((1, public))]), (2, power)) for public, power in sorted(validators.items())]


def collected(data: bytes) -> dict[int, list[Value]]:
    """The fields of a message by number."""
    found: dict[int, list[Value]] = {}
    for number, value in read_fields(data):
        found.setdefault(number, []).append(value)
    return found


def _other(field: int) -> NoReturn:
    raise MalformedError(f"field {field} is of another type")
