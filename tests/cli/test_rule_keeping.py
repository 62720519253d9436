from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tests.detect.keeping import peers


def test_promote_versions_roll_back_and_retire(
    tmp_path: Path, answer: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    home, file = ("--folder", str(tmp_path / "home")), tmp_path / "own.yaml"
    for most in (5, 6):
        file.write_bytes(peers(most))
        assert run(["rules", "promote", str(file), "--note", "why", *home]) == 0
    assert run(["rules", "rollback", "P1", "--to", "1", *home]) == 0
    assert [(one["number"], one["in_use"]) for one in answer("rules", "versions", "P1", *home)] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert "P1" in [one["rule"] for one in answer("rules", *home)]
    assert run(["rules", "retire", "P1", *home]) == 0
    assert "P1" not in [one["rule"] for one in answer("rules", *home)]
    file.write_bytes(b"id: P1")
    assert run(["rules", "promote", str(file), *home]) == 2
    assert "detect.rule_" in capsys.readouterr().err
