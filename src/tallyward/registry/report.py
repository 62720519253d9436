"""What came of an import: counts of rows, and why each bad row was not taken. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.identities import luhn_digit
from tallyward.registry.columns import IMPORT_ORDER, Kind

MOST_PROBLEMS: Final = 1_000
"""Problems a report spells out; the others are counted."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was not taken. `line` counts from 1 as an editor shows it (Parquet: the row); field "" is the row."""

    line: int
    field: str
    code: str
    value: str

    def refusal(self) -> InvalidError:
        """The sentence and the next step for it."""
        digit: dict[str, int] = {}
        if self.code.endswith("_check_digit") and self.value[:-1].isdigit():
            digit = {"expected": luhn_digit(self.value[:-1])}
        order = ", ".join(IMPORT_ORDER)
        return InvalidError(self.code, line=self.line, field=self.field, value=self.value, order=order, **digit)


@dataclass(slots=True)
class Problems:
    """All problems of one file: the first ones spelt out, the rest counted."""

    kept: list[RowProblem] = field(default_factory=list)
    rows: int = 0

    def add(self, found: Sequence[RowProblem], rows: int) -> None:
        """`found` problems of `rows` rows."""
        self.rows += rows
        self.kept.extend(found[: MOST_PROBLEMS - len(self.kept)])


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, in rows. `rejected` holds at most `MOST_PROBLEMS` cells; `rejected_count` counts rows."""

    kind: Kind
    added: int
    changed: int
    unchanged: int
    rejected: tuple[RowProblem, ...]
    rejected_count: int
