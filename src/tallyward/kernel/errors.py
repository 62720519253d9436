"""One tree of errors. Each has a stable code, a sentence and the next step, worded in the catalogue.

A code is `room.reason`, never renamed once released. The class says what kind of failure it is, and with that the HTTP
status (RFC 9110) and the exit code of a command; the code says which one; the parameters fill the sentence.
"""

from typing import ClassVar, TypeAlias

from tallyward.kernel.catalogue import Language, words

Parameter: TypeAlias = str | int | float | None


class TallywardError(Exception):
    """An expected refusal: `code`, and the parameters of its sentence. Never carries a secret."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, /, **parameters: Parameter) -> None:
        """Refuse with `code`; `parameters` are the blanks of the code's sentence in the catalogue."""
        super().__init__(code)
        self.code = code
        self.parameters = parameters

    def sentence(self, language: Language) -> str:
        """What is wrong, in one sentence."""
        return words(language, f"error.{self.code}.what", **self.parameters)

    def next_step(self, language: Language) -> str:
        """What to do about it."""
        return words(language, f"error.{self.code}.next", **self.parameters)

    def __str__(self) -> str:
        """Code and English sentence, for logs."""
        return f"{self.code}: {self.sentence('en')}"


class InvalidError(TallywardError):
    """What was given can't be used: a file, a field, a rule."""

    status = 422
    exit_code = 2


class TooLargeError(InvalidError):
    """What was given is over a stated limit."""

    status = 413


class UnauthenticatedError(TallywardError):
    """Nobody is signed in, or the proof of it is wrong or out of date."""

    status = 401
    exit_code = 3


class ForbiddenError(TallywardError):
    """Known, but not allowed."""

    status = 403
    exit_code = 3


class NotFoundError(TallywardError):
    """It does not exist, or not for the one who asks: the two look the same on purpose."""

    status = 404
    exit_code = 4


class ConflictError(TallywardError):
    """It stands against the present state: somebody was faster, or a state does not allow it."""

    status = 409
    exit_code = 5


class TooOftenError(TallywardError):
    """Too many tries or too much at once; the sentence says how long to wait."""

    status = 429
    exit_code = 6


class UnavailableError(TallywardError):
    """Something the platform needs (disk, port, database, other program) does not serve now."""

    status = 503
    exit_code = 6


class CorruptError(TallywardError):
    """What the platform itself stored is not what it stored."""

    status = 500
    exit_code = 7
