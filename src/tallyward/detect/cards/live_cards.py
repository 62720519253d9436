"""Which cards of a bucket are judged while records arrive: in places of their own, so that others take none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.day_columns import DayColumns, Places, Profiles
from tallyward.detect.cards.span import Mask
from tallyward.registry.cadence import Cadence

CardIds = NDArray[np.uint32]


def shares(live: Mapping[int, int], most: int) -> dict[int, int]:
    """How many cards of each bucket are followed, of so many that are live there: `most` in all, by ascending id."""
    found = {}
    for bucket in sorted(live):
        found[bucket] = min(live[bucket], most)
        most -= found[bucket]
    return found


def live_in(ranks: NDArray[np.uint8]) -> Mask:
    """The cards whose rank is that of the live cadence."""
    live: Mask = ranks == Cadence.LIVE.rank
    return live


@dataclass(frozen=True, slots=True)
class LiveCards:
    """The followed cards of a bucket, by ascending id. `place`: of each card id of the bucket, -1 for the others."""

    ids: CardIds
    place: NDArray[np.int32]

    @classmethod
    def of(cls, profiles: Profiles, most: int) -> "LiveCards":
        """The first `most` registered cards of live cadence."""
        at = np.flatnonzero(profiles.known & live_in(profiles.columns["cadence"]))[:most]
        place = np.full(profiles.count, -1, np.int32)
        place[at] = np.arange(len(at), dtype=np.int32)
        return cls((at + profiles.first).astype(np.uint32), place)

    def profiles(self, bucket: Profiles) -> Profiles:
        """Their profiles."""
        return bucket.only(self.ids.astype(np.intp) - bucket.first)

    def rows(self, day: DayColumns) -> Places:
        """The rows of a batch that are theirs."""
        return np.flatnonzero(self.place[day.card] >= 0)

    def placed(self, day: DayColumns) -> DayColumns:
        """A batch of nothing but their records, by their places."""
        return DayColumns(day.columns, self.place[day.card], day.breaks)

    def has(self, card: int, first: int) -> bool:
        """Whether a card of the bucket that begins with card id `first` is followed."""
        return bool(self.place[card - first] >= 0)
