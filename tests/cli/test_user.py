import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


def test_a_new_person_gets_a_one_time_password(home: Path, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    operator = "--enterprise"
    listed = home / "enterprises.csv"
    assert run(["export", "enterprises", str(listed), "--folder", str(home)]) == 0
    code = listed.read_text(encoding="utf-8").splitlines()[1].split(",")[0].strip('"')
    assert run(["user", "add", "mei", "--role", "analyst", operator, code, "--folder", str(home)]) == 0
    assert "One-time password of mei" in capsys.readouterr().out
    (person,) = answer("user", "list", "--folder", str(home))
    assert (person["name"], person["role"], person["enterprise"]) == ("mei", "analyst", code)
    assert run(["user", "add", "mei", "--role", "analyst", "--folder", str(home)]) == 5
    assert "console.user_exists" in capsys.readouterr().err


def test_a_password_comes_from_standard_input_never_from_arguments(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["user", "add", "li", "--role", "admin", "--folder", str(home)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough passphrase\n"))
    assert run(["user", "password", "li", "--folder", str(home)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["user", "password", "li", "--folder", str(home)]) == 2
    err = capsys.readouterr().err
    assert "console.password_short" in err
    assert "passphrase" not in err


def test_somebody_unknown_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough passphrase\n"))
    assert run(["user", "password", "nobody", "--folder", str(home)]) == 4
