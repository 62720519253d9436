"""Detection put together: rules in use, the whitelist, the traversal, what is followed live, and dry runs."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import structlog

from tallyward.detect.adapters.baseline_files import BaselineFiles
from tallyward.detect.adapters.card_days import CardDays
from tallyward.detect.adapters.card_sightings import CardSightings
from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal, Resources
from tallyward.detect.adapters.live_columns import LiveColumns
from tallyward.detect.adapters.spark_session import spark_session
from tallyward.detect.adapters.spark_traversal import SparkTraversal
from tallyward.detect.adapters.sql_rules import SqlRules
from tallyward.detect.adapters.sql_whitelist import SqlWhitelist
from tallyward.detect.baselines import ClassBaselines
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.dry_runs import DryRuns
from tallyward.detect.live import LiveScan
from tallyward.detect.ports import Traversal
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.detect.service import CardScan
from tallyward.detect.usual import ENOUGH
from tallyward.detect.whitelisting import Whitelist
from tallyward.incidents.service import IncidentService
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import TallywardError
from tallyward.records.service import RecordsService
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.profile_schema import ProfileSnapshot
from tallyward.registry.service import RegistryService
from tallyward.wiring.scan_log import ScanLog
from tallyward.wiring.scanning import Scanning
from tallyward.wiring.settings import Settings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Detection:
    """The services of detection. `scan_with` takes other rules to the same records: no incident, no scan log."""

    rules: RuleKeeping
    whitelist: Whitelist
    dry_runs: DryRuns
    scan_with: Callable[[RuleBook], CardScan]
    scanning: Scanning
    scan_log: ScanLog
    baselines: ClassBaselines
    sightings: CardSightings


def detection(
    settings: Settings,
    sessions: Sessions,
    registry: RegistryService,
    records: RecordsService,
    incidents: IncidentService,
    traversal: Traversal,
    clock: Clock,
) -> Detection:
    """All of it, on the rules of the settings' files; end its dry runs before the records are closed."""
    rules = RuleKeeping(SqlRules(sessions, write_audit), load_rules(settings), clock, registry.speaks_for_all)
    whitelist = Whitelist(SqlWhitelist(sessions, write_audit), registry, rules.book, clock)

    def profiles() -> ProfileSnapshot:
        return registry.export_profiles(settings.folder / "profiles")

    kept = BaselineFiles(settings.folder / "baselines")
    usual = ClassBaselines(CardDays(_resources(settings)), kept, records, profiles, clock, ENOUGH, _tell_damage)

    def scan_with(book: RuleBook) -> CardScan:
        return CardScan(traversal, records, profiles, book, usual=usual.set_into)

    columns = partial(LiveColumns, seed=secrets.randbits(63), most_cards=settings.live_cards)
    live = LiveScan(columns, records, profiles, lambda: usual.set_into(rules.book()))
    scan_log = ScanLog(settings.folder / "last-scan.json", clock)
    return Detection(
        rules=rules,
        whitelist=whitelist,
        dry_runs=DryRuns(scan_with, records.days, rules.book, clock),
        scan_with=scan_with,
        scanning=Scanning(lambda: scan_with(rules.book()), records, incidents, scan_log.keep, clock, live, whitelist),
        scan_log=scan_log,
        baselines=usual,
        sightings=CardSightings(_resources(settings)),
    )


@contextmanager
def traversal_of(settings: Settings, spark_master: str | None) -> Iterator[Traversal]:
    """The engine of whole days. On Spark each task has the memory that a scan has here, and one thread."""
    totals = settings.folder / "month-totals"
    if spark_master is None:
        yield DuckDbTraversal(_resources(settings), totals)
        return
    with spark_session(spark_master) as session:
        yield SparkTraversal(session, Resources(settings.memory_mb, 1), totals)


def _tell_damage(refusal: TallywardError) -> None:
    _log.error("baselines damaged", code=refusal.code, sentence=refusal.sentence("en"), next=refusal.next_step("en"))


def _resources(settings: Settings) -> Resources:
    return Resources(settings.memory_mb, settings.threads)


def load_rules(settings: Settings) -> RuleBook:
    """The shipped rules, or those of the folder that the settings name."""
    return RuleBook.load([settings.rules] if settings.rules else [])
