"""The card ledger for a console that was started before there was one: opened when it is first asked for."""

import threading
from contextlib import ExitStack

from tallyward.console.custody_desk import CustodyDesk
from tallyward.custody.ports import Ledger
from tallyward.kernel.clock import Clock
from tallyward.wiring.custody.ledger import has_custody, open_custody
from tallyward.wiring.settings import Settings


class CustodyDoor:
    """Gives the ledger's desk. Safe for threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._opened = ExitStack()
        self._desk: CustodyDesk | None = None
        self._ledger: Ledger | None = None

    def __call__(self) -> CustodyDesk | None:
        """The desk; None as long as no ledger was begun."""
        with self._one_at_a_time:
            if self._desk is None and has_custody(self._settings):
                opened = self._opened.enter_context(open_custody(self._settings, self._clock))
                self._desk, self._ledger = CustodyDesk(opened.service, opened.log), opened.service.ledger
            return self._desk

    def ledger(self) -> Ledger | None:
        """The ledger behind the desk; None as long as none was begun."""
        self()
        return self._ledger

    def close(self) -> None:
        """Let go of the ledger."""
        self._opened.close()
