import os
from pathlib import Path

import pytest

from tallyward.custody.adapters.private_file import write_private


def test_only_its_owner_reads_it_and_it_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    before = os.umask(0)
    try:
        write_private(path, b"first")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_private(path, b"second")
    assert path.read_bytes() == b"first"
