"""The demo: a simulated fleet, taken in through the doors of a real one; its day of records; found against planted."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from tallyward.detect.cards.finding import SubjectKind
from tallyward.detect.cards.unknown import CUSTODY
from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import MAX_LIMIT, PageRequest
from tallyward.simulate.arrivals import Arrival, arrivals
from tallyward.simulate.chain import Chain, plan_chain
from tallyward.simulate.enterprises import FIRMS, OPERATOR
from tallyward.simulate.exports import write_import_files
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.malformed import broken_file, with_bad_rows
from tallyward.simulate.truth import Truth, tell_truth
from tallyward.simulate.verdict import Claim, Verdict, judge
from tallyward.wiring.demo_chain import MOST_CARDS, CustodyVerdict, Written, custody_verdict, write_ledger
from tallyward.wiring.platform import Platform

SOURCE = "mediation-simulated"
_LEAST_BATCHES: Final = 60
_CARDS_A_BATCH: Final = 50_000
_LEAST_TERMINALS: Final = 5_000
_CARDS_A_TERMINAL: Final = 400


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What to show. The day defaults to yesterday, so every record lies in the past."""

    cards: int
    terminals: int
    seed: int
    day: date
    batches: int
    seconds: float  # over which the batches arrive; 0 takes them as fast as they can be taken


class Tell(Protocol):
    """What the demo says while it works: the command makes progress bars and sentences of it."""

    def step(self, key: str, **blanks: str | int) -> AbstractContextManager[Callable[[int, int], None]]:
        """A long step named by a key of the catalogue; told (done, total)."""
        ...


class Deliver(Protocol):
    """The way by which a file's records reach the platform."""

    def __call__(self, source: SourceId, name: str, data: bytes, /) -> object:
        """Bring one mediation CSV."""
        ...


class Demo:
    """One fleet, its day, and the truth about it."""

    def __init__(self, platform: Platform, plan: DemoPlan, deliver: Deliver | None = None) -> None:
        """`deliver` brings the day's files, by default straight to the records."""
        self._platform = platform
        self._deliver = deliver or platform.records.take_bytes
        self._plan = plan
        self._fleet: Fleet = build_fleet(cards=plan.cards, terminals=plan.terminals, seed=plan.seed, day=plan.day)
        self._truth: Truth = tell_truth(self._fleet)
        self._chain: Chain | None = None
        self._written: Written | None = None
        self._started = time.monotonic()

    def import_fleet(self, tell: Tell) -> SourceId:
        """Bring the fleet in through the bulk import, as an operator would; gives the source of its records."""
        with TemporaryDirectory(prefix="fleet-", dir=self._platform.settings.folder) as folder:
            for kind, path in write_import_files(self._fleet, Path(folder)).items():
                with tell.step("demo.importing", kind=kind) as advance:
                    self._platform.bulk.import_table(PLATFORM, kind, path, advance)
        operator = self._platform.enterprise_by_code(FIRMS[OPERATOR].code)
        return self._platform.records.add_source(SOURCE, operator.id)

    def write_ledger(self, tell: Tell) -> bool:
        """Register, sell and activate the fleet's cards on a ledger; False where there are more than it is made for."""
        if self._plan.cards > MOST_CARDS:
            return False
        self._chain = plan_chain(self._fleet)
        with tell.step("demo.selling") as advance:
            self._written = write_ledger(self._platform.settings, self._chain, advance)
        return True

    def take_day(self, source: SourceId, tell: Tell, stopped: Callable[[float], bool]) -> bool:
        """Take the day's files as they arrive; False if `stopped(seconds to wait)` said so before the end."""
        with tell.step("demo.arriving") as advance:
            for done, arrival in enumerate(self._paced(stopped), 1):
                whole = with_bad_rows(arrival) if done == 1 else arrival
                self._deliver(source, whole.name, whole.data)
                advance(done, self._plan.batches)
                if done == self._plan.batches:
                    return True
        return False

    def take_broken_file(self, source: SourceId) -> None:
        """Offer a file that was cut off on its way: it goes to quarantine, and the day's truth stays what it is."""
        name, data = broken_file(self._plan.day)
        self._platform.records.take_bytes(source, name, data)

    def _paced(self, stopped: Callable[[float], bool]) -> Iterator[Arrival]:
        pause = self._plan.seconds / self._plan.batches
        for arrival in arrivals(self._fleet, self._plan.batches, self._platform.settings.folder):
            due = time.monotonic() + pause
            yield arrival
            if stopped(max(due - time.monotonic(), 0)):
                return

    def verdict(self) -> Verdict:
        """Scan each day as a whole, now that it is over, then compare the incidents with what was planted."""
        days = self._platform.records.days()
        for day in days:
            self._platform.scanning.scan(day)
        return judge(
            self._planted(),
            self._found(),
            records=sum(self._platform.records.snapshot(day).rows for day in days),
            seconds=time.monotonic() - self._started,
        )

    def custody_verdict(self) -> CustodyVerdict | None:
        """Judge the ledger as of the end of the day, and compare with what was planted; None without ledger."""
        end = datetime.fromtimestamp(self._fleet.scene.start + SECONDS_PER_DAY, UTC)
        judged = self._platform.custody_risk.run(end) if self._written else None
        if self._chain is None or self._written is None or judged is None:
            return None
        return custody_verdict(self._platform.settings, self._chain, self._written, judged)

    def _planted(self) -> Iterator[Claim]:
        """The truth, with a card named by the id that the registry gave it."""
        iccids = [hit.number for hit in self._truth.hits if hit.kind == SubjectKind.CARD]
        ids = self._platform.registry.directory().cards_by_iccid(iccids).tolist()
        card_of = dict(zip(iccids, ids, strict=True))
        for hit in self._truth.hits:
            yield hit.rule, hit.kind, str(card_of[hit.number]) if hit.kind == SubjectKind.CARD else hit.number

    def _found(self) -> Iterator[Claim]:
        """All incidents but those of the card ledger, which have a verdict of their own."""
        after: tuple[int, ...] | None = None
        while True:
            page = self._platform.incidents.page(PLATFORM, IncidentFilter(), PageRequest(MAX_LIMIT, after))
            for one in page.rows:
                if one.rule != CUSTODY.id:
                    yield one.rule, one.subject.kind.value, one.subject.number
            if page.next_cursor is None:
                return
            after = (page.rows[-1].id,)


def terminals_of(cards: int) -> int:
    """How many terminals a fleet gets where nobody says: always enough for its faults."""
    return max(_LEAST_TERMINALS, cards // _CARDS_A_TERMINAL)


def batches_of(cards: int) -> int:
    """In how many files a day comes: with the fleet they become more, not bigger."""
    return max(_LEAST_BATCHES, cards // _CARDS_A_BATCH)


def yesterday() -> date:
    """The last whole UTC day."""
    return date.fromordinal(datetime.now(UTC).date().toordinal() - 1)
