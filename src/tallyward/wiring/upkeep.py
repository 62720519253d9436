"""Proof that manifest and segments agree, with or without a writer at work."""

from collections.abc import Callable

from tallyward.kernel.errors import ConflictError
from tallyward.records.adapters.folder_lock import FolderLock
from tallyward.records.agreement import Agreement
from tallyward.wiring.platform import Platform


def verify_records(platform: Platform, *, quick: bool, progress: Callable[[int, int], None] | None = None) -> Agreement:
    """Hold writers off meanwhile; where one is at work already, files that it has not named yet are no fault."""
    verify = platform.records.upkeep.verify
    try:
        with FolderLock(platform.settings.folder / "records"):
            return verify(quick=quick, alone=True, progress=progress)
    except ConflictError as busy:
        if busy.code != "records.locked_by_other":
            raise
        return verify(quick=quick, alone=False, progress=progress)
