"""Whether manifest and segments agree: a quick look at a start, and the proof."""

from collections.abc import Callable

from tallyward.kernel.errors import ConflictError, CorruptError
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


def lost_segments(platform: Platform) -> CorruptError | None:
    """What to tell at a start where segments are gone or cut off: everything else goes on, so it is not raised."""
    count, first = platform.records.upkeep.lost()
    return CorruptError("records.segments_lost", count=count, path=first) if count else None
