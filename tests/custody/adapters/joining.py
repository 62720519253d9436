"""A node with snapshots of many small chunks, and late members that join by them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.custody.adapters import copy_offered, sqlite_ledger
from tallyward.custody.adapters.abci_application import Application
from tallyward.custody.adapters.abci_messages import ACCEPT, Ask
from tallyward.custody.adapters.abci_wire import Value, message
from tests.custody.validators import answered, application, begun, block, collected, lot

CHUNK = 500


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot for each block, in chunks of a few entries."""
    monkeypatch.setattr(sqlite_ledger, "_SNAPSHOT", (1, 1 << 40))
    monkeypatch.setattr(copy_offered, "CHUNK", CHUNK)


def node(folder: Path, blocks: int = 5) -> Application:
    """A node that has some blocks."""
    folder.mkdir(exist_ok=True)
    found = application(folder)
    begun(found)
    for height in range(1, blocks + 1):
        block(found, height, *(lot(f"{height}-{one}") for one in range(3)))
    return found


def offer(app: Application) -> tuple[dict[int, list[Value]], bytes]:
    """(fields, bytes) of what a node offers."""
    (found,) = answered(app, Ask.LIST_SNAPSHOTS)[1]
    assert isinstance(found, bytes)
    return collected(found), found


def chunks(app: Application) -> list[bytes]:
    """All chunks of what a node offers."""
    fields, _ = offer(app)
    (height, form, count) = (int(fields[at][0]) for at in (1, 2, 3))
    found = [answered(app, Ask.LOAD_SNAPSHOT_CHUNK, (1, height), (2, form), (3, at))[1][0] for at in range(count)]
    return [bytes(one) for one in found if isinstance(one, bytes)]


def offered(late: Application, app: Application, root: bytes = b"") -> int:
    """What a late member says to the offer of a node."""
    verdict = answered(late, Ask.OFFER_SNAPSHOT, (1, offer(app)[1]), (2, root or app.ledger.root))
    return int(verdict[1][0])


def came(late: Application, parts: list[bytes], first: int = 0) -> Iterator[dict[int, list[Value]]]:
    """What a late member says to each chunk."""
    for at, part in enumerate(parts, first):
        yield answered(late, Ask.APPLY_SNAPSHOT_CHUNK, (1, at), (2, part), (3, "somebody"))


def joined(late: Application, app: Application) -> None:
    """Join by what a node offers."""
    assert offered(late, app) == ACCEPT
    assert list(came(late, chunks(app))) == [{1: [ACCEPT]}] * len(chunks(app))


def where(app: Application) -> dict[int, list[Value]]:
    """Where a node is, as CometBFT asks it."""
    return answered(app, Ask.INFO, (1, message()))
