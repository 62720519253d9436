"""The records of one folder: segments, manifest and the writer's lock put together."""

from collections.abc import Callable
from pathlib import Path

from tallyward.kernel.clock import Clock
from tallyward.records.adapters.folder_lock import FolderLock
from tallyward.records.adapters.parquet_segments import ParquetSegments
from tallyward.records.adapters.sqlite_manifest import SqliteManifest
from tallyward.records.directory_port import Directory
from tallyward.records.ports import Step, no_step
from tallyward.records.service import RecordsService


def open_records(
    folder: Path,
    directory: Callable[[], Directory],
    clock: Clock,
    *,
    networks: dict[str, str] | None = None,
    read_only: bool = False,
    floor_bytes: int = 0,
    wait_seconds: float = 0,
    step: Step = no_step,
) -> RecordsService:
    """The service upon a folder.

    A writer refuses with `records.locked_by_other` where another one has the folder for longer than `wait_seconds`.
    """
    lock = None if read_only else FolderLock(folder, wait_seconds)
    try:
        manifest = SqliteManifest(folder, read_only=read_only, step=step)
        try:
            return RecordsService(
                ParquetSegments(folder, step),
                manifest,
                directory,
                clock,
                networks=networks,
                read_only=read_only,
                release=lock.close if lock else _nothing,
                floor_bytes=floor_bytes,
            )
        except BaseException:
            manifest.close()
            raise
    except BaseException:
        if lock:
            lock.close()
        raise


def _nothing() -> None:
    pass
