"""How a continuous intake does: watching, taking, stopped and why, how far behind. Pure values, for all who ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tallyward.kernel.catalogue import Language, words
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import Parameter, TallywardError
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.model import IntakeReport


class IntakeKind(StrEnum):
    """By which way records come in without anybody asking."""

    DROP = "drop"  # files put into a folder
    STREAM = "stream"  # messages of a JetStream stream


class Doing(StrEnum):
    """What it does."""

    WATCHING = "watching"  # nothing to take
    TAKING = "taking"
    STOPPED = "stopped"  # something keeps it from taking; it tries again by itself
    OFF = "off"  # nobody watches


@dataclass(frozen=True, slots=True)
class Behind:
    """What waits: files or messages, their bytes, and since when the oldest does."""

    waiting: int = 0
    bytes: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntakeState:
    """One intake as of `at`. `since`: how long it has been doing what it does.

    `taken`, `refused` and `repeated` count files or messages since its start: taken in, put into quarantine whole,
    known already. `failing`: files that can't be read or put away now. `reason_code` and `reason_blanks` word why it
    is stopped, or what is wrong with the newest failing file.
    """

    kind: IntakeKind
    place: str
    source: str
    doing: Doing
    since: datetime
    at: datetime
    operator: EnterpriseId | None = None
    behind: Behind = Behind()
    taken: int = 0
    refused: int = 0
    repeated: int = 0
    failing: int = 0
    reason_code: str = ""
    reason_blanks: Mapping[str, Parameter] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        """What is wrong, for people; empty where nothing is."""
        return words(language, f"error.{self.reason_code}.what", **self.reason_blanks) if self.reason_code else ""

    def next_step(self, language: Language) -> str:
        """What to do about it."""
        return words(language, f"error.{self.reason_code}.next", **self.reason_blanks) if self.reason_code else ""


class Board(Protocol):
    """Where the state of intakes is shown: to this process and to others."""

    def show(self, state: IntakeState) -> None:
        """This is how it does now."""
        ...


class Standing:
    """The state of one intake under way, shown at each change."""

    def __init__(self, kind: IntakeKind, place: str, source: str, clock: Clock, board: Board) -> None:
        """Begin with watching."""
        now = clock.now()
        self._clock = clock
        self._board = board
        self.state = IntakeState(kind, place, source, Doing.WATCHING, now, now)
        board.show(self.state)

    def belongs_to(self, operator: EnterpriseId) -> None:
        """Whose records they are."""
        self.state = replace(self.state, operator=operator)

    def watches(self, behind: Behind, failing: int, refusal: TallywardError | None = None) -> None:
        """Nothing more to take now; `refusal` says what is wrong with the newest file that fails."""
        self._show(Doing.WATCHING, behind, refusal, failing=failing)

    def takes(self, behind: Behind) -> None:
        """At work."""
        self._show(Doing.TAKING, behind)

    def stops(self, refusal: TallywardError, behind: Behind | None = None) -> None:
        """Kept from taking by `refusal`."""
        self._show(Doing.STOPPED, behind or self.state.behind, refusal)

    def ends(self) -> None:
        """Nobody watches any more."""
        self._show(Doing.OFF, self.state.behind)

    def counts(self, report: IntakeReport, number: int = 1) -> None:
        """One file, or `number` messages, dealt with; shown with the next change."""
        state = self.state
        if report.duplicate:
            self.state = replace(state, repeated=state.repeated + number)
        elif report.quarantined:
            self.state = replace(state, refused=state.refused + number)
        else:
            self.state = replace(state, taken=state.taken + number)

    def _show(self, doing: Doing, behind: Behind, refusal: TallywardError | None = None, failing: int = 0) -> None:
        now = self._clock.now()
        self.state = replace(
            self.state,
            doing=doing,
            since=now if doing is not self.state.doing else self.state.since,
            at=now,
            behind=behind,
            failing=failing,
            reason_code=refusal.code if refusal else "",
            reason_blanks=refusal.parameters if refusal else {},
        )
        self._board.show(self.state)
