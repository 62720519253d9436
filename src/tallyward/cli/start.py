"""Ctrl-C while the commands are still being loaded, a second or more on a busy machine, ends in words as it does later.

Imported first, and imports nothing of ours before it is needed.
"""

import sys
from types import TracebackType
from typing import Final

INTERRUPTED: Final = 130
"""The exit code of a command that Ctrl-C ended: 128 and the number of SIGINT, as shells have it."""


def end_in_words(kind: type[BaseException], wrong: BaseException, trace: TracebackType | None) -> None:
    """Tell of an interrupt in words; whatever else nobody caught is told as Python does."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, wrong, trace)
        return
    from tallyward.cli.speech import refuse  # noqa: PLC0415 - loading it earlier is what may be interrupted
    from tallyward.kernel.errors import UnavailableError  # noqa: PLC0415

    refuse(UnavailableError("cli.interrupted"))
    sys.exit(INTERRUPTED)


sys.excepthook = end_in_words
