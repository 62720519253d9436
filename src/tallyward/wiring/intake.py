"""Records that come in by themselves: the watched folder, and the upkeep of what came, beside the running platform."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

import structlog

from tallyward.kernel.errors import ConflictError, TallywardError
from tallyward.records.adapters.drop_folder import WatchedFolder
from tallyward.records.adapters.folder import open_records
from tallyward.records.adapters.jetstream import BusAddress, JetStreamRecords
from tallyward.records.drop import Settling
from tallyward.records.intake_state import Doing, IntakeKind, Standing
from tallyward.records.model import SourceState
from tallyward.records.service import RecordsService
from tallyward.records.streaming import StreamIntake
from tallyward.records.watching import DropIntake
from tallyward.wiring.nats_server import nats_server
from tallyward.wiring.platform import Platform
from tallyward.wiring.publishing import bus_address
from tallyward.wiring.settings import OWN_SERVER, Settings

_BORROWED_SECONDS: Final = 5.0
"""How long upkeep holds the records of a server that takes none in itself: `tallyward import` waits meanwhile."""
_log = structlog.get_logger(__name__)


def source_of(platform: Platform, name: str, operator: str | None) -> SourceState:
    """The source of that name, made where it is new; refuses with `wiring.operator_unclear`."""
    number = platform.records.add_source(name, platform.operator(operator).id)
    return next(one for one in platform.records.sources() if one.id == number)


class Watch:
    """The watched folder of the settings: one round after another until told to stop."""

    def __init__(self, platform: Platform, settings: Settings, folder: Path, stopped: Callable[[], bool]) -> None:
        self._poll = settings.poll_seconds
        self._standing = Standing(IntakeKind.DROP, str(folder), settings.drop_source, platform.clock, platform.intakes)
        self._intake = DropIntake(
            platform.records,
            WatchedFolder(folder, stays=settings.drop_keep),
            lambda: source_of(platform, settings.drop_source, settings.drop_operator),
            self._standing,
            platform.clock,
            settling=Settling(settings.settle_seconds),
            stopped=stopped,
        )

    @property
    def standing(self) -> Standing:
        """How it does."""
        return self._standing

    def run(self, stop: threading.Event) -> None:
        """Rounds until `stop`; what nobody expected is logged, and the next round tries again."""
        try:
            while not stop.is_set():
                if not guarded(self._intake.round, "intake"):
                    stop.wait(self._poll)
        finally:
            self._standing.ends()

    def once(self) -> None:
        """Take what is whole now."""
        try:
            while self._intake.round():
                pass
        finally:
            if not self._standing.state.reason_code:
                self._standing.ends()


class Listen:
    """The stream of the settings: one round after another until told to stop."""

    def __init__(self, platform: Platform, settings: Settings, address: BusAddress) -> None:
        self._poll = settings.poll_seconds
        self._stream = JetStreamRecords(address)
        self._standing = Standing(
            IntakeKind.STREAM, self._stream.place, settings.nats_source, platform.clock, platform.intakes
        )
        self._intake = StreamIntake(
            platform.records,
            self._stream,
            lambda: source_of(platform, settings.nats_source, settings.nats_operator),
            self._standing,
        )

    def run(self, stop: threading.Event) -> None:
        """Rounds until `stop`; a round waits for messages itself, so only one that was refused pauses."""
        try:
            while not stop.is_set():
                if not guarded(self._intake.round, "intake") and self._standing.state.doing is Doing.STOPPED:
                    stop.wait(self._poll)
        finally:
            self._standing.ends()
            self._stream.close()


@contextmanager
def taking_in(platform: Platform, settings: Settings) -> Iterator[None]:
    """Take records in and keep them in order while the block runs, as the settings say."""
    stop = threading.Event()
    work: list[tuple[str, Callable[[threading.Event], None]]] = [("upkeep", _Upkeep(platform, settings).run)]
    if settings.drop is not None:
        work.append(("drop", Watch(platform, settings, settings.drop, stop.is_set).run))
    with ExitStack() as stack:
        if settings.nats == OWN_SERVER:
            stack.enter_context(nats_server(settings.folder / "nats", settings.nats_port, settings.stream_mb << 20))
        if settings.nats:
            work.append(("stream", Listen(platform, settings, bus_address(settings)).run))
        with _running(work, stop):
            yield


def keeping_up(platform: Platform, settings: Settings) -> AbstractContextManager[None]:
    """Keep the records in order while the block runs, beside an intake of the caller's."""
    return _running([("upkeep", _Upkeep(platform, settings).run)], threading.Event())


@contextmanager
def _running(work: Sequence[tuple[str, Callable[[threading.Event], None]]], stop: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class _Upkeep:
    """Compaction, retention and the removal of files nobody reads any more, now and then."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._settings = settings

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(self._settings.upkeep_seconds):
            guarded(lambda: self._once(stop), "upkeep")

    def _once(self, stop: threading.Event) -> None:
        if self._settings.takes_in:
            keep_up(self._platform.records, self._settings, stop.is_set)
            return
        until = time.monotonic() + _BORROWED_SECONDS
        try:
            records = open_records(
                self._settings.folder / "records",
                self._platform.registry.directory,
                self._platform.clock,
                floor_bytes=self._settings.floor_bytes,
            )
        except ConflictError:
            return  # somebody takes records in just now
        try:
            keep_up(records, self._settings, lambda: stop.is_set() or time.monotonic() > until)
        finally:
            records.close()


def keep_up(records: RecordsService, settings: Settings, stopped: Callable[[], bool]) -> None:
    """One pass over everything that keeps a store in order."""
    upkeep = records.upkeep
    expired = upkeep.expire(settings.keep_days, settings.session_days)
    if expired.segments:
        _log.info("records expired", segments=expired.segments, records=expired.records)
    if expired.sessions:
        _log.info("sessions forgotten", sessions=expired.sessions)
    upkeep.sweep(settings.grace_seconds)
    joined = upkeep.compact(stopped=stopped)
    if joined.damaged:
        _log.error("segments damaged", groups=joined.damaged, next="tallyward records verify")
    if joined.after:
        _log.info("segments joined", before=joined.before, after=joined.after, records=joined.records)


def guarded(work: Callable[[], int | None], what: str) -> int:
    """Do it; 0 where it is refused or fails, which is logged."""
    try:
        return work() or 0
    except TallywardError as refusal:
        _log.error(f"{what} refused", code=refusal.code, sentence=refusal.sentence("en"))
    except Exception:  # noqa: BLE001  logged whole; the next round tries again
        _log.exception(f"{what} failed")
    return 0
