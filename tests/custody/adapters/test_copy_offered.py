"""What a node offers is its copy as of its newest snapshot; offers that others are asking for stay for a while."""

from pathlib import Path

import pytest

from tallyward.custody.adapters import copy_offered
from tallyward.custody.adapters.copy_offered import OfferedCopies
from tallyward.custody.adapters.snapshot_file import SnapshotFile
from tallyward.custody.copy_chunks import FORMAT, entries_of, hash_of, read_manifest
from tallyward.custody.snapshot import size_of, snapshot
from tests.custody.adapters.joining import CHUNK, node, small
from tests.custody.validators import application, block, lot


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


def test_the_chunks_are_the_entries_and_the_snapshot(tmp_path: Path) -> None:
    app = node(tmp_path)
    copies = OfferedCopies()
    (offer,) = copies.of(app.ledger)
    manifest = read_manifest(offer.manifest)
    assert manifest is not None
    parts = [copies.chunk(app.ledger, offer.height, FORMAT, at) for at in range(offer.chunks)]
    assert [hash_of(one) for one in parts] == list(manifest.hashes)
    entries = [each for one in parts[: manifest.entry_chunks] for each in entries_of(one)]
    assert entries == [data for _, data in app.ledger.entries()]
    assert manifest.size == len(entries) == app.ledger.machine.size
    assert b"".join(parts[manifest.entry_chunks :]) == snapshot(app.ledger.machine)
    assert min(manifest.entry_chunks, len(parts) - manifest.entry_chunks) > 2
    assert max(map(len, parts)) < 4 * CHUNK
    for wrong in ((offer.height + 1, FORMAT, 0), (offer.height, FORMAT + 1, 0), (offer.height, FORMAT, offer.chunks)):
        assert copies.chunk(app.ledger, *wrong) == b""
    app.close()


def test_an_offer_is_the_same_whenever_the_log_was_cut_before(tmp_path: Path) -> None:
    app = node(tmp_path, 1)
    often = OfferedCopies()
    for height in range(2, 9):
        block(app, height, lot(f"A{height}"), lot(f"B{height}"))
        assert often.of(app.ledger) == OfferedCopies().of(app.ledger)
    app.close()


def test_the_last_offers_are_held_while_the_ledger_goes_on(tmp_path: Path) -> None:
    app = node(tmp_path)
    copies = OfferedCopies()
    (first,) = copies.of(app.ledger)
    last = [copies.chunk(app.ledger, first.height, FORMAT, at) for at in range(first.chunks)]
    block(app, 6, lot("F"))
    (second,) = copies.of(app.ledger)
    assert second.height == 6
    assert [copies.chunk(app.ledger, first.height, FORMAT, at) for at in range(first.chunks)] == last
    block(app, 7, lot("G"))
    copies.of(app.ledger)
    assert copies.chunk(app.ledger, first.height, FORMAT, 0) == b""
    app.close()


def test_a_node_that_starts_again_offers_what_it_kept(tmp_path: Path) -> None:
    app = node(tmp_path)
    before = OfferedCopies().of(app.ledger)
    block(app, 6)  # without transactions: nothing new is kept
    app.close()
    app = application(tmp_path)
    assert app.ledger.height == 6
    assert OfferedCopies().of(app.ledger) == before
    app.close()


def test_nothing_is_offered_that_is_not_there_or_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = node(tmp_path)
    file = SnapshotFile(tmp_path / "ledger.db").path
    good = file.read_bytes()
    for data in (b"", good[40:], good.replace(app.ledger.machine.size.to_bytes(8), bytes(8))):
        file.write_bytes(data)
        assert size_of(data) != app.ledger.machine.size
        assert OfferedCopies().of(app.ledger) == []
    file.unlink()
    assert OfferedCopies().of(app.ledger) == []
    file.write_bytes(good)
    monkeypatch.setattr(copy_offered, "MOST_CHUNKS", 3)
    assert OfferedCopies().of(app.ledger) == []
    app.close()
