"""How the intakes do, kept beside the records: small files that any process can read, written even on a full disk."""

import json
import os
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from tallyward.kernel.clock import Clock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.intake_state import Behind, Doing, IntakeKind, IntakeState

_ROOM: Final = 4096
"""Bytes a state is padded to: written over in place, it needs no new room on the disk."""
_STALE: Final = timedelta(minutes=10)
"""An intake at work shows itself each second."""
_log = structlog.get_logger(__name__)


class IntakeBoard:
    """A `Board` in a folder; logs when an intake stops and when it goes on."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Keep one file an intake in `folder`, made with the first."""
        self._folder = folder
        self._clock = clock
        self._told: dict[IntakeKind, str] = {}

    def show(self, state: IntakeState) -> None:
        """This is how it does now."""
        self._log_change(state)
        text = json.dumps({**asdict(state), "pid": os.getpid()}, default=str).encode()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder / f"{state.kind}.json", os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, text.ljust(_ROOM), 0)
            finally:
                os.close(descriptor)
        except OSError as wrong:
            _log.warning("state of the intake not shown", intake=state.kind.value, reason=wrong.strerror)

    def _log_change(self, state: IntakeState) -> None:
        before = self._told.get(state.kind, "")
        now = state.reason_code if state.doing is Doing.STOPPED else ""
        self._told[state.kind] = now
        if now and now != before:
            _log.error("intake stopped", intake=state.kind.value, place=state.place, code=now, why=state.sentence("en"))
        elif before and not now:
            _log.info("intake goes on", intake=state.kind.value, place=state.place)

    def states(self) -> tuple[IntakeState, ...]:
        """Every intake there ever was on this folder; off where the process that ran it is gone."""
        found = (self._read(self._folder / f"{kind}.json") for kind in IntakeKind)
        return tuple(state for state in found if state)

    def _read(self, path: Path) -> IntakeState | None:
        try:
            kept = json.loads(path.read_bytes())
            state = _state(kept)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # none yet, or caught in the middle of a change: the next look finds it
        fresh = self._clock.now() - state.at < _STALE  # a process of the same number may be another one
        return state if fresh and _alive(kept["pid"]) else replace(state, doing=Doing.OFF)


def _state(kept: dict[str, Any]) -> IntakeState:
    behind = kept["behind"]
    oldest = behind["oldest"]
    return IntakeState(
        kind=IntakeKind(kept["kind"]),
        place=kept["place"],
        source=kept["source"],
        operator=None if kept["operator"] is None else EnterpriseId(kept["operator"]),
        doing=Doing(kept["doing"]),
        since=datetime.fromisoformat(kept["since"]),
        at=datetime.fromisoformat(kept["at"]),
        behind=Behind(behind["waiting"], behind["bytes"], datetime.fromisoformat(oldest) if oldest else None),
        **{name: kept[name] for name in ("taken", "refused", "repeated", "failing", "reason_code", "reason_blanks")},
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
