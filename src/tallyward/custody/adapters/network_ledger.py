"""A ledger that validators agree on, as the platform beside a member's node sees it; see `ports.Ledger`.

Entries go to the node; what is read comes from the node's own copy, whose every block is judged here once more. That
copy is the node's to write: what witnesses sign of its heads is kept beside it.
"""

import json
import re
import threading
import time
from collections.abc import Container, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.adapters.cosigned_file import CosignedFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.checkpoint import SignedCheckpoint
from tallyward.custody.machine import Checked
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import (
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TallywardError,
    UnavailableError,
)

_NOTHING_SIGNED: Final = SigningKey(bytes(32))
"""The node signs heads; who reads its copy signs none."""
_PAUSE: Final = 0.05
_CODE: Final = re.compile(r"[a-z]+\.[a-z0-9_]{1,60}")
_ERRORS: Final[dict[int, type[TallywardError]]] = {
    one.exit_code: one
    for one in (InvalidError, ForbiddenError, NotFoundError, ConflictError, UnavailableError, CorruptError)
}


class NetworkLedger(SqliteLedger):
    """The copy of a node on this machine, and the node to send to. One that does not run is read all the same."""

    _own = False  # a snapshot would let the node's word stand for blocks that are to be judged here

    def __init__(self, path: Path, address: str, cosigned: Path, seconds: float = 60.0) -> None:
        """`path`: the node's copy; `address`: of its JSON-RPC; `seconds`: how long to wait for agreement.

        `cosigned`: the file for what witnesses sign.
        """
        super().__init__(path, _NOTHING_SIGNED, SystemClock())
        self._rpc = CometRpc(address)
        self._seconds = seconds
        self._sending = threading.Lock()
        self._cosigned = CosignedFile(cosigned)
        self._head = self._cosigned.merged(self._head)

    def close(self) -> None:
        """Let go of file and node."""
        super().close()
        self._rpc.close()

    def refresh(self) -> None:
        """Take up the blocks that the node has added since, and what witnesses have signed."""
        with self._one_at_a_time:
            super().refresh()
            self._head = self._cosigned.merged(self._head)

    def cosigned(self, signed: SignedCheckpoint) -> None:
        """Keep what witnesses signed of the newest head; see `ports.Ledger`."""
        with self._one_at_a_time:
            self.refresh()
            if signed.head == self._head.head:
                self._head = self._cosigned.keep(signed)

    def submit(self, entries: Sequence[bytes], proven: Container[Checked] = ()) -> list[int | TallywardError]:  # noqa: ARG002
        """Have entries agreed on; each one's number, or why it is refused.

        They need not come into one block. Honest nodes keep their order; one that was refused for want of another is
        given again once that one is in. Refuses with `custody.not_agreed` if the network does not decide in time: it
        may still take them later.
        """
        answers: dict[bytes, int | TallywardError] = {}
        waiting = list(dict.fromkeys(entries))
        with self._sending:
            while waiting:
                decided = self._decided(waiting)
                answers |= decided
                refused = [one for one in waiting if isinstance(decided[one], TallywardError)]
                waiting = refused if len(refused) < len(waiting) else []
        return [answers[one] for one in entries]

    def _decided(self, entries: list[bytes]) -> dict[bytes, int | TallywardError]:
        """What becomes of entries that are given to the node now."""
        self.refresh()
        seen = self.machine.size
        self._give(entries)
        until = time.monotonic() + self._seconds
        found: dict[bytes, int | TallywardError] = {}
        while True:
            self.refresh()
            found |= {data: number for number, data in self.entries(seen, self.machine.size) if data in entries}
            seen = self.machine.size
            open_still = [one for one in entries if one not in found]
            if not open_still:
                return found
            results = zip(open_still, self._results(open_still), strict=True)
            refusals = {one: _refusal(result) for one, result in results if result}
            found |= {one: refusal for one, refusal in refusals.items() if refusal is not None}
            if len(found) == len(entries):
                return found
            if time.monotonic() > until:
                raise UnavailableError("custody.not_agreed", waiting=len(entries) - len(found), seconds=self._seconds)
            time.sleep(_PAUSE)

    def _give(self, entries: list[bytes]) -> None:
        """Give entries to the node. Of one that was refused before the old result stands until it is checked again."""
        known = self._results(entries)
        self._rpc.post([one for one, result in zip(entries, known, strict=True) if not result])
        self._rpc.send([one for one, result in zip(entries, known, strict=True) if result])

    def _results(self, entries: list[bytes]) -> list[bytes | None]:
        return self._rpc.ask_all([f"result/{sha256(one).hexdigest()}" for one in entries])


def _refusal(result: bytes) -> TallywardError | None:
    """Why the ledger refused, as its node tells it; None if it did not, or if that is not understood."""
    try:
        exit_code, _, words = json.loads(result)
        code, parameters = json.loads(words) if exit_code else ("", {})
        known = _CODE.fullmatch(code) and all(isinstance(one, str | int | float | None) for one in parameters.values())
        return _ERRORS.get(exit_code, InvalidError)(code, **parameters) if known else None
    except (ValueError, TypeError, AttributeError):
        return None
