"""What is wrong with a record or a file, told so that somebody can find the place."""

from dataclasses import dataclass
from typing import Final

from tallyward.kernel.errors import InvalidError

MOST_KEPT: Final = 1_000
"""Records of one intake that are kept with their place; further ones are only counted."""
_SAMPLE: Final = 64
_DETAIL: Final = 200


@dataclass(frozen=True, slots=True)
class Issue:
    """Why a record (or with `record` None a whole file) was put aside, and where. `code` is worded in the catalogue."""

    code: str
    record: int | None = None
    offset: int | None = None
    tag_path: str = ""
    field: str = ""
    detail: str = ""
    sample: bytes = b""

    def __post_init__(self) -> None:
        """Cut what a hostile file could make long."""
        object.__setattr__(self, "detail", printable(self.detail))
        object.__setattr__(self, "sample", self.sample[:_SAMPLE])


def printable(text: str) -> str:
    """At most 200 characters, without control characters and lone surrogates."""
    short = text[:_DETAIL]
    return "".join(c if c.isprintable() else "�" for c in short)


class RefusalError(InvalidError):
    """The structure of a whole file is broken: none of its records are taken."""

    def __init__(self, issue: Issue) -> None:
        """Refuse for one issue."""
        super().__init__(issue.code, field=issue.field, detail=issue.detail, offset=issue.offset)
        self.issue = issue


class FieldError(Exception):
    """A record can't be used: `code`, the field by its path below the file, and its place."""

    def __init__(self, code: str, tag_path: str, offset: int | None = None, detail: str = "") -> None:
        """Name the field."""
        super().__init__(code)
        self.code = code
        self.tag_path = tag_path
        self.offset = offset
        self.detail = detail

    def issue(self, record: int, sample: bytes, above: str = "") -> Issue:
        """What goes to quarantine; `above` is the path of what holds the record."""
        field = self.tag_path.rpartition("/")[2]
        return Issue(self.code, record, self.offset, above + self.tag_path, field, self.detail, sample)


def refuse(
    code: str, *, offset: int | None = None, tag_path: str = "", field: str = "", detail: str = "", sample: bytes = b""
) -> RefusalError:
    """The error that refuses a whole file."""
    return RefusalError(
        Issue(code, offset=offset, tag_path=tag_path, field=field, detail=detail, sample=sample),
    )


class Issues:
    """Issues of one intake: the first thousand are kept, all are counted. `records` counts each record once."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.kept: list[Issue] = []
        self.count = 0

    def add(self, issue: Issue) -> None:
        """One more record is put aside."""
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(issue)

    def add_untold(self, number: int) -> None:
        """`number` more records are put aside whose places are not told."""
        self.count += number

    def rows(self) -> list[Issue]:
        """What goes to the quarantine: the kept ones, and one line for the rest."""
        rest = self.count - len(self.kept)
        if rest <= 0:
            return self.kept
        return [*self.kept, Issue("records.more_refused", detail=str(rest))]
