import hashlib
import io
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError
from tallyward.records.decode.issues import RefusalError
from tallyward.records.offered import Offered, Text
from tests.records.making import gz


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"content")
    expected = hashlib.sha256(b"content").hexdigest()
    assert Offered("a", path).digest() == Offered("b", b"content").digest() == expected


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"records.no_file"):
        Offered("a", tmp_path / "nothing")
    with pytest.raises(InvalidError, match=r"records.not_a_file"):
        Offered("a", tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"first")
    offered = Offered("a", path)
    offered.check_unchanged()
    path.write_bytes(b"first and more")
    with pytest.raises(ConflictError, match=r"records.file_changed"):
        offered.check_unchanged()


def test_content_over_the_limit_is_not_read() -> None:
    with pytest.raises(RefusalError, match=r"records.file_too_large"):
        Offered("a", b"12345").content(4)
    assert Offered("a", b"1234").content(4) == b"1234"


def test_gzip_is_decompressed_and_a_broken_stream_refused() -> None:
    whole = gz(b"text " * 1000)
    assert Text(io.BytesIO(whole), whole).read(1 << 20) == b"text " * 1000
    assert Text(io.BytesIO(b"plain"), b"plain").read(10) == b"plain"
    for broken in (whole[:-9], whole[:-8] + b"12345678", whole[:20] + b"\xff" * 20 + whole[40:]):
        text = Text(io.BytesIO(broken), broken)
        with pytest.raises(RefusalError, match=r"records.broken_gzip"):
            text.read(1 << 20)


def test_what_is_refused_by_its_head_is_named_cheaply(tmp_path: Path) -> None:
    path = tmp_path / "zeros"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert Offered("zeros", path).head_key() == f"head:{1 << 40}:{hashlib.sha256(bytes(64 << 10)).hexdigest()}"


def test_the_whole_of_a_stream_is_bounded_after_decompression() -> None:
    for content in (b"x" * 100, gz(b"x" * 100)):
        assert Text(io.BytesIO(content), content).whole(100) == b"x" * 100
        with pytest.raises(RefusalError, match=r"records.file_too_large"):
            Text(io.BytesIO(content), content).whole(99)
