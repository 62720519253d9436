"""How often one may be wrong: failures of a key within a sliding window. Pure; the time is passed in."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta


class Attempts:
    """Remembers failures of at most `keys` keys, forgetting the least recent ones first."""

    def __init__(self, most: int, window: timedelta, keys: int = 10_000) -> None:
        """After `most` failures within `window` a key has to wait."""
        self._most = most
        self._window = window
        self._keys = keys
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> int:
        """Seconds until `key` may try again; 0 if it may."""
        failures = self._recent(key, now)
        if len(failures) < self._most:
            return 0
        left = failures[-self._most] + self._window - now
        return max(1, -int(-left.total_seconds() // 1))

    def failed(self, key: str, now: datetime) -> None:
        """Count a failure."""
        failures = self._recent(key, now)
        failures.append(now)
        while len(failures) > self._most:
            failures.popleft()
        self._failures[key] = failures
        self._failures.move_to_end(key)
        while len(self._failures) > self._keys:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of `key`."""
        self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= now - self._window:
            failures.popleft()
        return failures
