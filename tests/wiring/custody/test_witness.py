"""A witness's key file and listener."""

import socket
from pathlib import Path

import pytest

from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.witness import make_secret, read_secret, witnessing
from tests.custody.adapters.witnessing import LOG


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "w.key"
    made = make_secret(path, "witness.example/w1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path).key == made.key
    with pytest.raises(FileExistsError):
        make_secret(path, "witness.example/w1")
    path.chmod(0o640)
    with pytest.raises(TallywardError, match="file_too_open"):
        read_secret(path)
    with pytest.raises(TallywardError, match="witness_key_missing"):
        read_secret(tmp_path / "none")
    path.chmod(0o600)
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(TallywardError, match="note_key"):
        read_secret(path)


def test_a_folder_has_one_witness_and_a_port_one_listener(tmp_path: Path) -> None:
    own = make_secret(tmp_path / "w.key", "w")
    with witnessing(own, [LOG.text()], tmp_path / "a", "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2])
        for folder, code in (("a", "folder_in_use"), ("b", "port_in_use")):
            with pytest.raises(TallywardError, match=code), witnessing(own, [], tmp_path / folder, "127.0.0.1", port):
                pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    with pytest.raises(TallywardError, match="note_key"), witnessing(own, ["x"], tmp_path / "c", "127.0.0.1", 0):
        pass
    with (
        pytest.raises(TallywardError, match="address_unusable"),
        witnessing(own, [], tmp_path / "d", "203.0.113.1", 0),
    ):
        pass
