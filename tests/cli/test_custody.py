import pytest

from tallyward.cli.root import run


def test_the_group_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["custody", "--help"]) == 0
    assert "network" in capsys.readouterr().out
