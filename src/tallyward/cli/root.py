"""The command `tallyward`: its groups, and how each failure ends in one line and an exit code."""

import errno
import os
from collections.abc import Sequence

import click

from tallyward import __version__
from tallyward.cli.speech import refuse, told
from tallyward.cli.start import INTERRUPTED
from tallyward.kernel.errors import CorruptError, TallywardError, UnavailableError
from tallyward.wiring.signals import keep_signals_from_arrow

_STANDARD_OUTPUT = 1
_DUCKDB_INTERRUPTED = "Query interrupted"
"""What DuckDB makes of a KeyboardInterrupt while it computes."""
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


@click.group(help=told("help"), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="tallyward")
def tallyward() -> None:
    """Name the group; its commands add themselves."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; never raises, never shows a traceback unless TALLYWARD_DEBUG."""
    keep_signals_from_arrow()
    try:
        result = tallyward.main(arguments, standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _interrupted()
    except click.ClickException as misuse:
        misuse.show()
        return misuse.exit_code
    except TallywardError as refusal:
        refuse(refusal)
        return refusal.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STANDARD_OUTPUT)
        return 0
    except Exception as unexpected:
        if os.environ.get("TALLYWARD_DEBUG"):
            raise
        return _unexpected(unexpected)
    return result if isinstance(result, int) else 0


def _interrupted() -> int:
    refuse(UnavailableError("cli.interrupted"))
    return INTERRUPTED


def _unexpected(wrong: Exception) -> int:
    if isinstance(wrong, RuntimeError) and str(wrong) == _DUCKDB_INTERRUPTED:
        return _interrupted()
    explained = _explain(wrong)
    refuse(explained)
    return explained.exit_code


def _explain(unexpected: Exception) -> TallywardError:
    """The sentence for what no room expected."""
    if isinstance(unexpected, OSError):
        place = str(unexpected.filename or "?")
        if unexpected.errno == errno.ENOSPC:
            return UnavailableError("cli.disk_full", place=place)
        if unexpected.errno in _NOT_WRITABLE:
            return UnavailableError("cli.not_writable", place=place, reason=unexpected.strerror)
    return CorruptError("cli.unexpected", kind=type(unexpected).__name__, text=str(unexpected)[:200])
