"""What the room needs from outside: the records of a day, the profiles of the cards, an engine that traverses them."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.plan import Plan
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import BucketAnswer, FaultHit, HotPairs, KeyPairs
from tallyward.records.model import SegmentRef, Snapshot
from tallyward.records.schema import SubscriberTag
from tallyward.registry.cadence import Cadence
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import ProfileSnapshot


class Records(Protocol):
    """What the records room gives (`records.service.RecordsService`)."""

    def snapshot(self, day: date) -> Snapshot:
        """Every segment of a day as of now."""
        ...

    def days(self) -> tuple[date, ...]:
        """UTC days with records."""
        ...

    def peer_codes(self, kind: PeerKind, texts: Sequence[str]) -> NDArray[np.uint64]:
        """The codes by which records hold these peers."""
        ...

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        """Peers as people write them; empty for 0."""
        ...

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        """The numbers of unknown cards."""
        ...

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        """How records named cells that the registry does not know."""
        ...


@dataclass(frozen=True, slots=True)
class BucketFiles:
    """The files of one bucket: profiles, records of the day, records of each earlier day of the month.

    `profile` None: no card of the bucket is registered.
    """

    bucket: int
    profile: Path | None
    segments: tuple[SegmentRef, ...]
    earlier: tuple[tuple[SegmentRef, ...], ...] = ()


class Run(Protocol):
    """One traversal under way, over a fixed set of files."""

    @property
    def plan(self) -> Plan:
        """What is run."""
        ...

    @property
    def area_codes(self) -> dict[int, str]:
        """Areas by id."""
        ...

    def pairs(self, number: int) -> list[KeyPairs]:
        """The pairs of second keys and cards of a bucket, for faults that count cards by key."""
        ...

    def bucket(self, number: int, hot: HotPairs) -> BucketAnswer:
        """Traverse one bucket: every record of it, known card or not. `hot`: the pairs whose key has too many cards.

        What it finds may be told with a later bucket.
        """
        ...

    def rest(self) -> BucketAnswer:
        """What the buckets have found and not told yet."""
        ...


class Traversal(Protocol):
    """An engine."""

    def open(
        self,
        rules: tuple[Rule, ...],
        profiles: ProfileSnapshot,
        files: Sequence[BucketFiles],
        records: Records,
        slowest: Cadence = Cadence.DAILY,
    ) -> AbstractContextManager[Run]:
        """Begin a traversal of these files and no others, that judges cards up to the `slowest` cadence."""
        ...


class Live(Protocol):
    """One day while its records arrive, of one registry version and rule book."""

    @property
    def plan(self) -> Plan:
        """What is asked."""
        ...

    @property
    def area_codes(self) -> dict[int, str]:
        """Areas by id."""
        ...

    def open(self, files: BucketFiles) -> None:
        """Read what is known of a bucket's cards, before their first records come."""
        ...

    def take(self, files: BucketFiles, after: int) -> tuple[list[FaultHit], int, int]:
        """(hits, records, newest intake) of a bucket's new segments, of their records from intakes after one."""
        ...
