"""A rule that can't be used, with the place: file, line and column of the text that is wrong."""

from dataclasses import dataclass

from tallyward.kernel.errors import InvalidError, Parameter


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a rule file; line and column count from 1. `exact`: the text stands there character for character."""

    file: str
    line: int
    column: int
    exact: bool = False

    def further(self, characters: int) -> "Place":
        """The place some characters on in the same text, or this one where that can't be told."""
        return Place(self.file, self.line, self.column + characters) if self.exact else self


def refused(place: Place, code: str, **parameters: Parameter) -> InvalidError:
    """The error `code`, with the place among its parameters."""
    return InvalidError(code, file=place.file, line=place.line, column=place.column, **parameters)
