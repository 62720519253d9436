from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.wiring.migrate import newest


def test_upgrading_is_told_and_can_be_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["db", "upgrade", "--folder", str(tmp_path / "home")]) == 0
        assert newest() in capsys.readouterr().out
    assert run(["db", "current", "--folder", str(tmp_path / "home")]) == 0


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"this is no database at all, whatever its name says" * 100])
def test_a_file_that_is_no_database_is_refused_in_words(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state.sqlite3").write_bytes(content)
    exit_code = run(["db", "upgrade", "--folder", str(tmp_path)])
    err = capsys.readouterr().err
    assert "Traceback" not in err
    if content:
        assert exit_code == 6
        assert "registry.database_unreadable" in err
    else:
        assert exit_code == 0  # an empty file is a new database


def test_an_unknown_kind_of_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TALLYWARD_DATABASE", "mysql://root:s3cret@localhost/x")
    assert run(["db", "current", "--folder", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "registry.database_url" in err
    assert "s3cret" not in err
