"""When things were said: each entry has the time of the block that it lies in. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from tallyward.custody.entry import parse_entry
from tallyward.custody.transactions import BlockEnd
from tallyward.kernel.errors import NotFoundError


class BlockTimes:
    """The times of a ledger's blocks, to be asked by entry; grows as blocks end."""

    def __init__(self, blocks: Iterable[tuple[int, int]] = ()) -> None:
        """(number of the entry that ends a block, its time in seconds since 1970), ascending."""
        self._ends: list[int] = []
        self._times: list[int] = []
        for end, time in blocks:
            self.add(end, time)

    @classmethod
    def of(cls, entries: Iterable[tuple[int, bytes]]) -> "BlockTimes":
        """From (number, entry) of a ledger."""
        found = cls()
        for number, data in entries:
            one = parse_entry(data).transaction
            if isinstance(one, BlockEnd):
                found.add(number, one.time)
        return found

    @property
    def ends(self) -> Sequence[int]:
        """The entries that end blocks."""
        return self._ends

    def add(self, end: int, time: int) -> None:
        """A block ended with entry `end`."""
        if self._ends and (end <= self._ends[-1] or time < self._times[-1]):
            raise ValueError(f"block end {end} at {time} comes after {self._ends[-1]} at {self._times[-1]}")
        self._ends.append(end)
        self._times.append(time)

    def __call__(self, entry: int) -> int:
        """The time of the block of an entry; refuses one whose block has not ended with `custody.entry_unknown`."""
        at = bisect_left(self._ends, entry)
        if at == len(self._ends) or entry < 0:
            raise NotFoundError("custody.entry_unknown", number=entry)
        return self._times[at]
