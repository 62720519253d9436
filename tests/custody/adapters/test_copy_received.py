"""A copy that comes from others becomes a ledger once it is proven, and not a moment before."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tallyward.custody.adapters.abci_application import Application
from tallyward.custody.adapters.abci_messages import ABORT, ACCEPT, DROP_SNAPSHOT, OTHER_SNAPSHOT, REJECT_FORMAT, Ask
from tallyward.custody.adapters.abci_wire import Value, message
from tallyward.custody.adapters.copy_received import ReceivedCopy, promised
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.audit import audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.copy_chunks import Manifest, chunk_of, hash_of, read_manifest
from tests.custody.adapters.joining import came, chunks, joined, node, offer, offered, small, where
from tests.custody.chain import ORIGIN, public
from tests.custody.validators import answered, application, block, lot
from tests.custody.whole_state import same


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    """A node with some blocks."""
    found = node(tmp_path / "node")
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the late member."""
    found = tmp_path / "late"
    found.mkdir()
    return found


def test_who_joins_is_where_the_others_are_and_goes_on_with_them(app: Application, folder: Path) -> None:
    late = application(folder)
    with capture_logs() as heard:
        joined(late, app)
    assert not heard
    assert where(late) == where(app)
    same(late.ledger.machine, app.ledger.machine)
    assert late.ledger.receipt(3).holds
    assert [path.name for path in folder.iterdir() if "joining" in path.name and path.stat().st_size] == []
    entries = [lot("NEXT"), lot("5-1")]
    assert block(late, 6, *entries) == block(app, 6, *entries)
    late.close()
    late = application(folder)
    assert (late.ledger.height, late.ledger.root) == (app.ledger.height, app.ledger.root)
    late.close()
    assert folder.joinpath("ledger.db").stat().st_mode & 0o777 == 0o600
    file = LedgerFile(folder / "ledger.db")
    assert audit(file, NoteKey(ORIGIN, public("log"))) == ([], app.ledger.machine.size)
    file.close()


def test_a_spoilt_chunk_is_asked_for_again_of_others(app: Application, folder: Path) -> None:
    late, parts = application(folder), chunks(app)
    assert offered(late, app) == ACCEPT
    for at, part in enumerate(parts):
        for wrong in (b"", part[:-1] + bytes([part[-1] ^ 1]), chunk_of([])):
            (told,) = came(late, [wrong], at)
            assert told == {1: [3], 2: [bytes([at])], 3: [b"somebody"]}
        assert list(came(late, [part], at)) == [{1: [ACCEPT]}]
    same(late.ledger.machine, app.ledger.machine)
    late.close()


def forged(app: Application, entries: list[bytes], state: bytes) -> tuple[bytes, list[bytes]]:
    """(offer, chunks) of somebody that offers something else as of the same block."""
    parts = [chunk_of(entries), state]
    manifest = Manifest(len(entries), 1, tuple(map(hash_of, parts))).pack()
    height = int(offer(app)[0][1][0])
    return message((1, height), (2, 1), (3, 2), (4, sha256(manifest).digest()), (5, manifest)), parts


def test_entries_that_are_not_the_chains_are_dropped_and_the_next_offer_is_taken(
    app: Application, folder: Path
) -> None:
    late = application(folder)
    true = [data for _, data in app.ledger.entries()]
    for entries in (true[:-1], [*true, true[-1]], [*true[:3], lot("X"), *true[4:]], [b"nonsense"], [true[0]]):
        found, parts = forged(app, entries, b"state")
        assert answered(late, Ask.OFFER_SNAPSHOT, (1, found), (2, app.ledger.root)) == {1: [ACCEPT]}
        assert list(came(late, parts)) == [{1: [ACCEPT]}, {1: [DROP_SNAPSHOT]}]
        assert not (folder / "ledger.db").exists()
    joined(late, app)
    late.close()


def test_a_false_state_is_found_and_the_entries_are_taken_up_instead(app: Application, folder: Path) -> None:
    late = application(folder)
    found, parts = forged(app, [data for _, data in app.ledger.entries()], chunks(app)[-1] * 50)
    assert answered(late, Ask.OFFER_SNAPSHOT, (1, found), (2, app.ledger.root)) == {1: [ACCEPT]}
    with capture_logs() as heard:
        assert list(came(late, parts)) == [{1: [ACCEPT]}] * 2
    assert [one["code"] for one in heard] == ["custody.snapshot_refused"]
    same(late.ledger.machine, app.ledger.machine)
    late.close()


def test_offers_that_are_not_understood(app: Application, folder: Path) -> None:
    late = application(folder)
    fields, _ = offer(app)

    def verdict(**other: Value) -> int:
        given = {"height": 1, "form": 2, "chunks": 3, "hash": 4, "manifest": 5}
        changed = [(at, other.get(name, fields[at][0])) for name, at in given.items()]
        return int(answered(late, Ask.OFFER_SNAPSHOT, (1, message(*changed)), (2, app.ledger.root))[1][0])

    assert verdict() == ACCEPT
    assert verdict(form=2) == REJECT_FORMAT
    for other in ({"hash": bytes(32)}, {"chunks": 1}, {"manifest": b"x"}, {"hash": sha256().digest(), "manifest": b""}):
        assert verdict(**other) == OTHER_SNAPSHOT
    late.close()


def test_who_has_a_ledger_takes_no_other(app: Application, folder: Path) -> None:
    other = node(folder, 2)
    assert offered(other, app) == ABORT
    assert list(came(other, chunks(app)[:1])) == [{1: [ACCEPT]}]
    assert other.ledger.height == 2
    other.close()
    fresh = application(folder.parent)
    assert list(came(fresh, [b"x"])) == [{1: [ABORT]}]
    fresh.close()


def test_killed_in_the_middle_it_begins_again_killed_at_the_end_it_has_it(app: Application, folder: Path) -> None:
    parts = chunks(app)
    for count in range(len(parts)):
        late = application(folder)
        assert where(late) == {1: [b"tallyward-custody"], 2: [b"1"]}
        assert offered(late, app) == ACCEPT
        assert len(list(came(late, parts[:count]))) == count
        assert not (folder / "ledger.db").exists()
        late._coming = None  # its process ends, and nobody closes anything
    late = application(folder)
    joined(late, app)
    late.close()
    late = application(folder)  # CometBFT did not get to know of it, and offers once more
    assert offered(late, app) == ACCEPT
    assert list(came(late, parts)) == [{1: [ACCEPT]}] * len(parts)
    assert where(late) == where(app)
    late.close()


def test_chunks_come_in_their_order(app: Application, folder: Path) -> None:
    fields, _ = offer(app)
    manifest = read_manifest(bytes(fields[5][0])) if isinstance(fields[5][0], bytes) else None
    assert manifest is not None
    assert promised(manifest.pack(), sha256(manifest.pack()).digest(), len(manifest.hashes)) == manifest
    copy = ReceivedCopy(folder / "ledger.db", manifest, 5, app.ledger.root)
    parts = chunks(app)
    assert not copy.take(1, parts[1])
    assert copy.take(0, parts[0])
    assert not copy.take(0, parts[0])
    assert (copy.came, copy.whole) == (1, False)
    copy.close()
