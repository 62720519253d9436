import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError
from tallyward.records.adapters.folder_lock import FolderLock

HOLD = """
import sys
from pathlib import Path
from tallyward.records.adapters.folder_lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_holds_the_folder_until_it_lets_go(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "new" / "folder")
    with pytest.raises(ConflictError) as error:
        FolderLock(tmp_path / "new" / "folder")
    assert error.value.code == "records.locked_by_other"
    assert error.value.parameters["process"] == str(os.getpid())
    first.close()
    first.close()
    FolderLock(tmp_path / "new" / "folder").close()


def test_it_may_wait_for_who_holds_it(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    letting_go = threading.Timer(0.3, first.close)
    letting_go.start()
    FolderLock(tmp_path, wait_seconds=30).close()
    letting_go.join()


def test_another_process_holds_it_until_it_dies(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ConflictError) as error:
            FolderLock(tmp_path)
        assert error.value.parameters["process"] == str(other.pid)
        other.kill()
        other.wait()
        FolderLock(tmp_path).close()
