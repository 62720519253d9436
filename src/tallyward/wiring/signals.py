"""Ctrl-C and SIGTERM: what runs ends in good order instead of in the middle."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pyarrow as pa

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


def keep_signals_from_arrow() -> None:
    """Arrow would take Ctrl-C while it reads a file, break off, and call that an error."""
    pa.enable_signal_handlers(False)


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets, so that work ends in good order instead of in the middle.

    Python runs a handler in the main thread, between two of its steps. If that has just begun to wait for the event it
    never comes to the handler; if it holds the event's lock, a handler that sets the event waits for ever. So the
    interpreter's own word of a signal (`set_wakeup_fd`) goes to a thread, which sets the event.
    """
    stop = threading.Event()
    hears, told = socket.socketpair()
    told.setblocking(False)

    def listen_in() -> None:
        while arrived := hears.recv(1):
            if arrived[0] in _ENDING:
                stop.set()

    listening = threading.Thread(target=listen_in, name="signals", daemon=True)
    listening.start()
    told_before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, lambda *_: None) for number in _ENDING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(told_before)
        told.close()
        listening.join()
        hears.close()
