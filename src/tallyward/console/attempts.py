"""How often one may try: attempts of a key within a sliding window. The time is passed in; threads may share it."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock


class Attempts:
    """Remembers attempts of at most `keys` keys, forgetting the least recent ones first."""

    def __init__(self, most: int, window: timedelta, keys: int = 10_000) -> None:
        """After `most` attempts within `window` a key has to wait."""
        self._most = most
        self._window = window
        self._keys = keys
        self._made: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, now: datetime) -> int:
        """Count an attempt and give 0, or count nothing and give the seconds to wait.

        Counted before its outcome is known: many attempts at once can't slip past the limit.
        """
        with self._lock:
            made = self._made.setdefault(key, deque())
            while made and made[0] <= now - self._window:
                made.popleft()
            if len(made) >= self._most:
                return max(1, -int(-(made[0] + self._window - now).total_seconds() // 1))
            made.append(now)
            self._made.move_to_end(key)
            while len(self._made) > self._keys:
                self._made.popitem(last=False)
            return 0

    def give_back(self, key: str) -> None:
        """Uncount the newest attempt: it was a right one."""
        with self._lock:
            made = self._made.get(key)
            if made:
                made.pop()

    def forget(self, key: str) -> None:
        """Uncount every attempt of `key`."""
        with self._lock:
            self._made.pop(key, None)
