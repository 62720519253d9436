"""Checks signatures of entries on all cores, before one core judges the entries in their order.

Whether a signature holds depends on nothing but key and bytes, so it may be found out anywhere: what is found is handed
to the machine as `proven`. A signature that is not proven here is checked by the machine as ever, so a worker that
dies, a key that came a moment ago, or bytes that can't be read cost time and decide nothing.

    with Prover(lambda: ledger.machine) as prover:
        for entries, proven in prover.ahead(batches):
            ledger.submit(entries, proven)
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import get_context
from types import TracebackType
from typing import Final, Self

from tallyward.custody.codec import MalformedError
from tallyward.custody.entry import key_id, opened
from tallyward.custody.fields import HASH
from tallyward.custody.machine import Checked, Machine, holds

_FEWEST: Final = 16
"""Entries that are worth another process's while."""
_AHEAD: Final = 2
"""Batches that are proven while one is judged."""

_Proving = list[Future[list[Checked]]]


class Prover:
    """Worker processes that check signatures, with the keys that a machine knows at the time."""

    def __init__(self, machine: Callable[[], Machine], processes: int | None = None) -> None:
        """`processes`: one for each core if not told. They begin when they are needed first."""
        self._machine = machine
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def proven(self, entries: Sequence[bytes]) -> set[Checked]:
        """The signatures of entries that hold; few entries are left to the machine."""
        return self._found(self._begun(entries))

    def ahead(self, batches: Iterable[Sequence[bytes]]) -> Iterator[tuple[Sequence[bytes], set[Checked]]]:
        """Each batch with what was proven of it; the next ones are in work while it is judged."""
        waiting: deque[tuple[Sequence[bytes], _Proving]] = deque()
        for batch in batches:
            waiting.append((batch, self._begun(batch)))
            if len(waiting) > _AHEAD:
                first, begun = waiting.popleft()
                yield first, self._found(begun)
        while waiting:
            first, begun = waiting.popleft()
            yield first, self._found(begun)

    def _begun(self, entries: Sequence[bytes]) -> _Proving:
        if len(entries) < _FEWEST:
            return []
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"))
        keys = b"".join(row.public for row in self._machine().state.keys.rows.values() if not row.gone)
        size = max(_FEWEST, -(-len(entries) // self._processes))
        try:
            return [self._pool.submit(checked, keys, entries[at : at + size]) for at in range(0, len(entries), size)]
        except BrokenProcessPool:
            self.close()
            return []

    def _found(self, begun: _Proving) -> set[Checked]:
        try:
            return {one for each in begun for one in each.result()}
        except BrokenProcessPool:
            self.close()
            return set()


def checked(keys: bytes, entries: Sequence[bytes]) -> list[Checked]:
    """The signatures of entries that hold, by keys that lie one behind the other. What can't be read has none."""
    known = _keyring(keys)
    found: list[Checked] = []
    for entry in entries:
        try:
            body, signatures = opened(entry)
        except MalformedError:
            continue
        found += [
            (one.key, one.value, body)
            for one in signatures
            if one.key in known and holds(known[one.key], body, one.value)
        ]
    return found


@lru_cache(maxsize=4)
def _keyring(keys: bytes) -> dict[bytes, bytes]:
    """Public keys by their ids."""
    return {key_id(keys[at : at + HASH]): keys[at : at + HASH] for at in range(0, len(keys), HASH)}
