from pathlib import Path

import pytest

from tallyward.kernel.errors import UnavailableError
from tallyward.records.adapters.folder_lock import FolderLock
from tallyward.wiring import upkeep
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings
from tallyward.wiring.upkeep import lost_segments, verify_records


def test_writers_are_held_off_or_what_they_do_is_no_fault(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = tmp_path / "home" / "records"
    (records / "day=2026-03-01" / "b=00000").mkdir(parents=True)
    (records / "day=2026-03-01" / "b=00000" / "s-1.parquet").write_bytes(b"half")
    with open_platform(read_settings(home=tmp_path / "home")) as reader:
        beside = verify_records(reader, quick=True)
        assert (beside.unnamed, beside.faults) == (1, ())
        platform.records.close()
        alone = verify_records(reader, quick=True)
        assert [fault.kind.value for fault in alone.faults] == ["unnamed"]
        FolderLock(records).close()  # it lets go

        def refuse(_folder: Path) -> FolderLock:
            raise UnavailableError("records.folder_read_only", folder="x")

        monkeypatch.setattr(upkeep, "FolderLock", refuse)
        with pytest.raises(UnavailableError):
            verify_records(reader, quick=True)


def test_nothing_is_lost_of_a_store_without_records(platform: Platform) -> None:
    assert lost_segments(platform) is None
