from pathlib import Path

import pytest

from tallyward.cli.root import run


def test_a_key_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["custody", "key", str(tmp_path / "a.key")]) == 0
    assert len(bytes.fromhex(capsys.readouterr().out.strip())) == 32
    assert run(["custody", "key", str(tmp_path / "a.key")]) >= 2
    assert "key_exists" in capsys.readouterr().err


@pytest.mark.parametrize(("data", "code"), [(b"!!", "draft_form"), (b"AAAA", "malformed"), (b"", "malformed")])
def test_what_is_no_draft(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, code: str) -> None:
    run(["custody", "key", str(tmp_path / "a.key")])
    (tmp_path / "draft").write_bytes(data)
    assert run(["custody", "sign", str(tmp_path / "draft"), "--key", str(tmp_path / "a.key")]) >= 2
    assert code in capsys.readouterr().err
    assert run(["custody", "sign", str(tmp_path / "none"), "--key", str(tmp_path / "a.key")]) >= 2
    assert "no_input" in capsys.readouterr().err
