import subprocess
import sys

import pytest

from tallyward.cli.start import end_in_words

INTERRUPTED_WHILE_LOADING = """
import sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "{name}":
            sys.meta_path.remove(self)
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
import tallyward.cli
"""


@pytest.mark.parametrize("name", ["click", "sqlalchemy", "tallyward.cli.user"])
def test_an_interrupt_while_the_commands_load_ends_in_words(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING.format(name=name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 130
    assert "[cli.interrupted]" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_another_failure_is_told_as_python_does(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ZeroDivisionError("division by zero")
    end_in_words(type(wrong), wrong, None)
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err
