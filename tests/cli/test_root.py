import errno
from collections.abc import Callable

import click
import pytest

from tallyward.cli.root import run, tallyward
from tallyward.kernel.errors import ConflictError


def failing(wrong: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise wrong

    return command


@pytest.mark.parametrize(
    ("wrong", "exit_code", "said"),
    [
        (ConflictError("wiring.folder_in_use", folder="/f", pid=1), 5, "wiring.folder_in_use"),
        (OSError(errno.ENOSPC, "No space left on device", "/f/x"), 6, "cli.disk_full"),
        (PermissionError(errno.EACCES, "Permission denied", "/f/x"), 6, "cli.not_writable"),
        (ZeroDivisionError("division by zero"), 7, "cli.unexpected"),
        (KeyboardInterrupt(), 130, "cli.interrupted"),
        (RuntimeError("Query interrupted"), 130, "cli.interrupted"),  # DuckDB's word for it
        (click.UsageError("no such thing"), 2, "no such thing"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_each_failure_ends_in_words_and_an_exit_code(
    wrong: BaseException, exit_code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tallyward.commands, "fail", click.Command("fail", callback=failing(wrong)))
    monkeypatch.setattr("os.dup2", lambda *_: 0)
    assert run(["fail"]) == exit_code
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err + out
    assert not out


def test_arrow_does_not_take_the_signals_of_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    monkeypatch.setattr("pyarrow.enable_signal_handlers", taken.append)
    assert run(["--version"]) == 0
    assert taken == [False]


def test_debugging_shows_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWARD_DEBUG", "1")
    monkeypatch.setitem(tallyward.commands, "fail", click.Command("fail", callback=failing(ZeroDivisionError())))
    with pytest.raises(ZeroDivisionError):
        run(["fail"])


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["no-such-command"]) == 2
    assert "no-such-command" in capsys.readouterr().err
