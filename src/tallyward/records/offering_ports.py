"""Where records are offered from, as the room needs it: a stream, a folder; and the other end of a stream."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from tallyward.records.drop import Dropped
from tallyward.records.intake_state import Behind


class Message(NamedTuple):
    """One message of a stream. `handle` is the adapter's own, for the acknowledgement."""

    sequence: int
    data: bytes
    handle: object = None


class RecordStream(Protocol):
    """A stream of messages that stay until they are acknowledged; each may come more than once."""

    @property
    def place(self) -> str:
        """What it is called, for people; never holds a secret."""
        ...

    def identity(self) -> str:
        """A name that no other stream ever has, one of the same name that was made later included."""
        ...

    def fetch(self, most: int, seconds: float) -> list[Message]:
        """Up to so many messages; waits so long for the first."""
        ...

    def done(self, messages: Sequence[Message]) -> None:
        """They are in for good: none of them need come again."""
        ...

    def give_back(self, messages: Sequence[Message]) -> None:
        """They could not be taken now: let them come again."""
        ...

    def behind(self) -> Behind:
        """What waits."""
        ...


class RecordPublisher(Protocol):
    """Sends records into a stream; waits while it is full, which is how a sender feels that the platform is behind."""

    def publish(self, rows: pa.Table) -> int:
        """Send rows with the columns of docs/mediation-csv.md, or usage records; how many messages it took."""
        ...


class DropFolder(Protocol):
    """A folder into which others put files. `stays`: files are left where they are once they are in."""

    @property
    def stays(self) -> bool:
        """Whether nothing is moved."""
        ...

    def listing(self) -> list[Dropped]:
        """Every regular file in it, those still being written as well; no folders, no links."""
        ...

    def path(self, name: str) -> Path:
        """Where a file lies."""
        ...

    def put_away(self, name: str, *, refused: bool) -> None:
        """Move a file to where those are that are in, or were refused; no error where it is gone."""
        ...
