import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError, UnavailableError
from tallyward.wiring.folder import holding, prepare_folder

HOLDER = """
import sys, time
from pathlib import Path
from tallyward.wiring.folder import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o077 == 0


def test_a_file_in_the_way_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError) as refusal:
        prepare_folder(tmp_path / "file")
    assert refusal.value.code == "wiring.folder_unusable"


def test_a_second_holder_is_refused_and_told_the_first(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(ConflictError) as refusal, holding(tmp_path):
            pass
        assert refusal.value.code == "wiring.folder_in_use"
        assert str(first.pid) in refusal.value.sentence("en")
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with holding(tmp_path):
                return
        except ConflictError:
            time.sleep(0.05)
    pytest.fail("a killed holder left its lock behind")


def test_it_can_be_held_again_after_it_was_let_go(tmp_path: Path) -> None:
    for _ in range(2):
        with holding(tmp_path):
            assert (tmp_path / "server.lock").read_text() == str(os.getpid())
