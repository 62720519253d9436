"""Asking witnesses for their signatures of each new head, while the server runs: behind the back of whoever submits."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from tallyward.custody.adapters.witness_http import WitnessHttp
from tallyward.custody.adapters.witnesses import Witnesses
from tallyward.custody.checkpoint import WITNESS, SignedCheckpoint
from tallyward.custody.note_keys import parse_key
from tallyward.custody.ports import Ledger
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.newest_json import keep_newest

FILE: Final = "custody-witnesses.json"
FIRST_PAUSE: Final = 5
LONGEST_PAUSE: Final = 300
"""Seconds until a witness that did not sign is asked again: twice as long each time."""


@dataclass(frozen=True, slots=True)
class WitnessState:
    """A witness. `key`: id of its key, hex; `size`: entries of the last head it signed, at the time `at`; 0: none yet.

    `tried`: when it was asked last; `refused`: how often since then in a row it did not sign, and `problem` why, by
    language.
    """

    name: str
    key: str
    size: int = 0
    at: int = 0
    tried: int = 0
    refused: int = 0
    problem: dict[str, str] | None = None

    def waits(self, now: int) -> bool:
        """Whether it did not sign lately, and is left alone for a while."""
        pause = min(FIRST_PAUSE << min(self.refused - 1, 10), LONGEST_PAUSE) if self.refused else 0
        return self.tried <= now < self.tried + pause


class WitnessLog:
    """Keeps the states of witnesses by key; a half-written file is never seen, one that can't be read is begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def states(self) -> dict[str, WitnessState]:
        """By key."""
        try:
            return {one["key"]: WitnessState(**one) for one in json.loads(self._path.read_bytes())}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def keep(self, states: Sequence[WitnessState]) -> None:
        """Make these the newest."""
        keep_newest(self._path, [asdict(one) for one in states])


class CustodyCosigning:
    """Asks each witness for each new head; one that is slow, gone or hostile keeps no other from being asked."""

    def __init__(
        self, asked: Sequence[str], ledger: Callable[[], Ledger | None], folder: Path, clock: Clock, seconds: float = 5
    ) -> None:
        """`asked`: witnesses as `name+id+base64=URL`; `folder`: keeps their states; `seconds`: for an answer.

        Refuses with `custody.note_key` or `custody.witness_url`.
        """
        pairs = [one.partition("=") for one in asked]
        self._witnesses = [WitnessHttp(url, parse_key(key, WITNESS), seconds) for key, _, url in pairs]
        self._ledger, self._clock = ledger, clock
        self._log = WitnessLog(folder / FILE)
        self._one_at_a_time = threading.Lock()

    def states(self) -> list[WitnessState]:
        """The witnesses that are asked, in their order."""
        known = self._log.states()
        keys = [one.key for one in self._witnesses]
        return [known.get(key.id.hex(), WitnessState(key.name, key.id.hex())) for key in keys]

    def look(self) -> int:
        """Ask those that are due; how many signed."""
        if not self._witnesses or (ledger := self._ledger()) is None:
            return 0
        with self._one_at_a_time:
            ledger.refresh()
            head, now, states = ledger.head(), self._now(), self.states()
            pairs = zip(self._witnesses, states, strict=True)
            due = [one for one, state in pairs if not head.signed_by([one.key]) and not state.waits(now)]
            if not due:
                return 0
            found = Witnesses(due).cosigned(ledger)
            if len(found.refused) < len(due):
                ledger.cosigned(found.head)
            for one in due:
                place = self._witnesses.index(one)
                states[place] = self._after(states[place], found.head, found.refused.get(one.key.name))
            self._log.keep(states)
            return len(due) - len(found.refused)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _after(self, state: WitnessState, head: SignedCheckpoint, refusal: TallywardError | None) -> WitnessState:
        now = self._now()
        if refusal is None:
            return WitnessState(state.name, state.key, head.head.size, now, now)
        told: dict[str, str] = {language: refusal.sentence(language) for language in LANGUAGES}
        return replace(state, tried=now, refused=state.refused + 1, problem=told)
