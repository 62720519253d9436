import signal
import subprocess
import sys

import pytest

from tallyward.wiring.signals import stop_signals


def test_a_signal_sets_the_event_and_the_old_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.wait(10)
    assert signal.getsignal(signal.SIGTERM) is before


_WHILE_THE_LOCK_IS_HELD = """
    with stop._cond:  # as `wait` holds it for a moment, every time it begins and ends
        signal.raise_signal(signal.SIGTERM)
"""
_WHILE_THE_MAIN_THREAD_WAITS = """
    def elsewhere():
        time.sleep(0.5)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)  # nothing interrupts the main thread
    threading.Thread(target=elsewhere).start()
"""
_WAITING = """
import signal, threading, time
from tallyward.wiring.signals import stop_signals
with stop_signals() as stop:
    {moment}
    raise SystemExit(not stop.wait(20))
"""


@pytest.mark.parametrize("moment", [_WHILE_THE_LOCK_IS_HELD, _WHILE_THE_MAIN_THREAD_WAITS])
def test_a_signal_is_heard_whenever_it_comes(moment: str) -> None:
    words = [sys.executable, "-c", _WAITING.format(moment=moment)]
    assert subprocess.run(words, timeout=60, check=False).returncode == 0


_READING = """
import io, os, signal, threading, time
import pyarrow.csv
from tallyward.wiring.signals import stop_signals, keep_signals_from_arrow

class Slow(io.BytesIO):
    def read(self, most=-1):
        time.sleep(0.1)
        return super().read(min(most, 4096) if most >= 0 else 4096)

keep_signals_from_arrow()
with stop_signals() as stop:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    options = pyarrow.csv.ReadOptions(block_size=4096)
    table = pyarrow.csv.read_csv(Slow(b"a,b\\n" + b"1,2\\n" * 10000), read_options=options)
    raise SystemExit(not (table.num_rows == 10000 and stop.wait(30)))
"""


def test_a_file_that_arrow_reads_meanwhile_is_read_to_its_end() -> None:
    assert subprocess.run([sys.executable, "-c", _READING], timeout=60, check=False).returncode == 0
