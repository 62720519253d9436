"""The tests' ledger where four of its organisations validate blocks, and how CometBFT would ask for it."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey

from tallyward.custody.adapters.abci_application import Application, chain_id
from tallyward.custody.adapters.abci_messages import Ask, Request, parse_request
from tallyward.custody.adapters.abci_wire import Value, message, read_fields
from tallyward.custody.authority import Purpose
from tallyward.custody.machine import Machine
from tallyward.custody.transactions import Genesis, RegisterLot, Transaction
from tallyward.kernel.clock import FixedClock
from tests.custody.chain import KEYS, MEMBERS, NOW, ORIGIN, RULES, START, signed

VOTES = {name: SigningKey(sha256(f"vote {name}".encode()).digest()) for name in ("OP", "OP2", "RES", "REG", "SHOP")}
VALIDATORS = ("OP", "OP2", "RES", "REG")


def vote_key(name: str) -> bytes:
    """The public key that an organisation votes with."""
    return bytes(VOTES[name].verify_key)


def genesis() -> bytes:
    """The first entry."""
    members = tuple(
        one._replace(keys=(*one.keys, (vote_key(one.id), int(Purpose.VALIDATE)))) if one.id in VALIDATORS else one
        for one in MEMBERS
    )
    return signed(b"", Genesis(ORIGIN, members, (RULES,), NOW), "op", "op2", "regulator")


LEDGER = Machine(genesis()).id


def said(one: Transaction, *keys: str) -> bytes:
    """A transaction's entry."""
    return signed(LEDGER, one, *keys)


def lot(name: str, count: int = 10) -> bytes:
    """A lot's registration by its operator."""
    return said(RegisterLot("OP", name, count, bytes(32), "NB-IoT", RULES.id), "op")


def application(folder: Path) -> Application:
    """The node's application on its file in a folder."""
    return Application(folder / "ledger.db", KEYS["log"], FixedClock(START))


def asked(ask: Ask, *fields: tuple[int, Value | str | list[bytes]]) -> Request:
    """A question as CometBFT puts it."""
    return parse_request(message((int(ask), [message(*fields)])))


def begun(app: Application, entry: bytes | None = None, chain: str = "") -> dict[int, list[Value]]:
    """Begin the chain; the fields of the answer."""
    state = json.dumps({"genesis": b64encode(entry or genesis()).decode()})
    return answered(app, Ask.INIT_CHAIN, (2, chain or chain_id(LEDGER)), (5, state), (6, 1))


def answered(app: Application, ask: Ask, *fields: tuple[int, Value | str | list[bytes]]) -> dict[int, list[Value]]:
    """Ask; the fields of the answer, each with all its values."""
    (_, body), *_ = read_fields(app.answer(asked(ask, *fields)))
    assert isinstance(body, bytes)
    return collected(body)


def collected(body: bytes) -> dict[int, list[Value]]:
    """Fields by number."""
    found: dict[int, list[Value]] = {}
    for number, value in read_fields(body):
        found.setdefault(number, []).append(value)
    return found


def block(app: Application, height: int, *entries: bytes, time: int = NOW + 1) -> dict[int, list[Value]]:
    """Decide a block and keep it; the fields of what was decided."""
    found = decided(app, height, *entries, time=time)
    answered(app, Ask.COMMIT)
    return found


def decided(app: Application, height: int, *entries: bytes, time: int = NOW + 1) -> dict[int, list[Value]]:
    """Decide a block."""
    return answered(app, Ask.FINALIZE_BLOCK, (1, list(entries)), (5, height), (6, message((1, time))))


def codes(found: dict[int, list[Value]]) -> list[int]:
    """The code of each transaction of a decided block; 0: taken."""
    results = [collected(one) for one in found.get(2, []) if isinstance(one, bytes)]
    return [int(one.get(1, [0])[0]) for one in results]
