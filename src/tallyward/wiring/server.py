"""The running console: an HTTP server in a thread of its own, a loop that follows records, one that traverses days."""

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
import uvicorn

from tallyward.console.app import create_app
from tallyward.kernel.errors import TallywardError, UnavailableError
from tallyward.wiring.platform import Platform
from tallyward.wiring.scanning import Scanned
from tallyward.wiring.settings import Settings

_BACKLOG = 128
_STOP_SECONDS = 5
_log = structlog.get_logger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; refuses with `wiring.port_in_use` or `wiring.address_unusable` before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as wrong:
        bound.close()
        if wrong.errno == errno.EADDRINUSE:
            raise UnavailableError("wiring.port_in_use", host=host, port=port) from wrong
        raise UnavailableError("wiring.address_unusable", host=host, reason=wrong.strerror or str(wrong)) from wrong
    bound.listen(_BACKLOG)
    return bound


class _Server(uvicorn.Server):
    """Ends the live streams before it waits for open answers: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving, inside the event loop."""
        self._end_streams()
        await super().shutdown(sockets)


@contextmanager
def serving(platform: Platform, settings: Settings) -> Iterator[str]:
    """Serve the console while the block runs, and scan new records; gives the address to open."""
    bound = listen(settings.host, settings.port)
    app = create_app(platform.console_services())
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        lifespan="on",
    )
    server = _Server(config, app.state.feed.close)
    web = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="console", daemon=True)
    stop = threading.Event()
    loops = [
        threading.Thread(target=loop, args=(platform, settings, stop), name=name, daemon=True)
        for name, loop in (("follows", _keep_following), ("scans", _keep_scanning), ("cosigns", _keep_cosigning))
    ]
    web.start()
    for loop in loops:
        loop.start()
    try:
        yield f"{'https' if settings.https else 'http'}://{_shown(settings.host)}:{bound.getsockname()[1]}/"
    finally:
        stop.set()
        server.should_exit = True
        for loop in loops:
            loop.join()
        web.join(timeout=_STOP_SECONDS * 2)
        bound.close()


def _keep_following(platform: Platform, settings: Settings, stop: threading.Event) -> None:
    """Judge new records as they come, until told to stop."""
    while not stop.wait(settings.scan_seconds):
        _guarded(platform.scanning.follow)


def _keep_scanning(platform: Platform, settings: Settings, stop: threading.Event) -> None:
    """Traverse until told to stop. A refusal is logged and the next round tries again: a full disk may be mended."""
    due = 0.0
    while not stop.wait(settings.scan_seconds):
        if time.monotonic() >= due:
            _guarded(lambda: _tell_damage(platform.scanning.scan_changes()))
            _guarded(platform.custody_risk.look)
            _guarded(platform.custody_telling.tell)
            due = time.monotonic() + settings.traverse_seconds
        _guarded(partial(_close_days, platform, settings))
        _guarded(platform.inspections.make_due)


def _keep_cosigning(platform: Platform, settings: Settings, stop: threading.Event) -> None:
    """Have witnesses sign the card ledger's heads as they come, until told to stop."""
    while settings.custody_witnesses and not stop.wait(settings.scan_seconds):
        _guarded(platform.custody_cosigning.look)


def _close_days(platform: Platform, settings: Settings) -> None:
    """Traverse days that are over; what is usual of each class is computed anew once a day after that."""
    done = platform.scanning.close_quiet_days()
    _tell_damage(done)
    if done and settings.baselines:
        platform.baselines.compute_daily()


def _tell_damage(done: list[Scanned]) -> None:
    for damage in (damage for scanned in done for damage in scanned.report.unread):
        _log.error("bucket not read", code=damage.code, sentence=damage.sentence("en"))


def _guarded(work: Callable[[], object]) -> None:
    try:
        work()
    except TallywardError as refusal:
        _log.error("scan refused", code=refusal.code, sentence=refusal.sentence("en"))
    except Exception:  # noqa: BLE001  logged whole; the next round tries again
        _log.exception("scan failed")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
