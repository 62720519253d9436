from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody.adapters.key_file import make_key, read_key
from tallyward.kernel.errors import TallywardError


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.key"
    made = make_key(path)
    assert bytes(read_key(path)) == bytes(made)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(TallywardError, match="key_exists"):
        make_key(path)
    other = SigningKey.generate()
    assert bytes(make_key(tmp_path / "two.key", other)) == bytes(other)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "one.key")
    (tmp_path / "one.key").chmod(0o640)
    with pytest.raises(TallywardError, match="key_open"):
        read_key(tmp_path / "one.key")


@pytest.mark.parametrize("data", [b"", b"tallyward-key:", b"tallyward-key:AAAA", b"\xff" * 40, b"A" * 44, b"x" * 9999])
def test_what_is_no_key(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "one.key"
    path.touch(mode=0o600)
    path.write_bytes(data)
    with pytest.raises(TallywardError, match="key_form"):
        read_key(path)
    with pytest.raises(TallywardError, match="no_key"):
        read_key(tmp_path / "none.key")
