import contextlib
import sqlite3
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError, CorruptError
from tallyward.records.adapters.manifest_file import FORM, ManifestFile
from tallyward.records.adapters.manifest_tables import STEPS
from tallyward.records.adapters.sqlite_manifest import SqliteManifest
from tests.records.making import DAY


def of_form(folder: Path, form: int) -> None:
    """A manifest as a release wrote it that knew so many steps, with one segment in it."""
    with contextlib.closing(sqlite3.connect(folder / "manifest.sqlite", isolation_level=None)) as db:
        db.executescript("".join(STEPS[:form]))
        db.execute("INSERT INTO source (id, name, operator, added) VALUES (1, 'old', 4, '2026-01-01T00:00:00+00:00')")
        db.execute(
            "INSERT INTO intake (id, source, offset, name, format, at, records, refused, quarantined, unknown_cards, "
            "unknown_cells) VALUES (1, 1, 'ab', 'a.csv', 'csv', '2026-03-01T00:00:00+00:00', 5, 0, 0, 0, 0)"
        )
        db.execute("INSERT INTO segment VALUES (1, 1, '2026-03-01', 0, 'p', 5, 1, 2, 'ab', 100, 1, 1)")
        db.execute(f"PRAGMA user_version={form}")


@pytest.mark.parametrize("form", range(1, FORM))
def test_a_manifest_of_each_older_form_is_brought_to_this_one(tmp_path: Path, form: int) -> None:
    of_form(tmp_path, form)
    with pytest.raises(ConflictError, match=r"records\.manifest_old"):
        SqliteManifest(tmp_path, read_only=True)
    with contextlib.closing(SqliteManifest(tmp_path)) as manifest:
        assert manifest.snapshot(DAY).rows == 5
        assert (manifest.sources()[0].duplicates, manifest.retired()) == (0, {})
    with contextlib.closing(SqliteManifest(tmp_path, read_only=True)) as manifest:
        assert manifest.snapshot(DAY).rows == 5


def test_an_upgrade_that_breaks_off_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_form(tmp_path, 1)
    broken = (*STEPS[:-1], STEPS[-1] + "INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr("tallyward.records.adapters.manifest_file.STEPS", broken)
    with pytest.raises(Exception, match=r"records\."):
        ManifestFile(tmp_path)
    monkeypatch.undo()
    with contextlib.closing(SqliteManifest(tmp_path)) as manifest:
        assert manifest.snapshot(DAY).rows == 5


def test_one_of_a_later_release_is_refused(tmp_path: Path) -> None:
    of_form(tmp_path, 1)
    with contextlib.closing(sqlite3.connect(tmp_path / "manifest.sqlite")) as db:
        db.execute(f"PRAGMA user_version={FORM + 1}")
    for read_only in (True, False):
        with pytest.raises(CorruptError, match=r"records\.manifest_version"):
            ManifestFile(tmp_path, read_only=read_only)
