"""The whole platform on one folder: every adapter named once, every service made once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from tallyward.console.accounts import Accounts
from tallyward.console.adapters.sql_accounts import SqlAccounts
from tallyward.console.services import ConsoleServices
from tallyward.console.statistics import Statistics
from tallyward.detect.baselines import ClassBaselines
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.dry_runs import DryRuns
from tallyward.detect.kept_rules import named_rule
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.detect.service import CardScan
from tallyward.detect.whitelisting import Whitelist
from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.sql_statistics import FRESH_SECONDS, SqlSecurity
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import Clock, SystemClock
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError
from tallyward.kernel.ids import RuleId
from tallyward.records.adapters.folder import open_records
from tallyward.records.service import RecordsService
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.adapters.sql_audit import SqlAuditLog, write_audit
from tallyward.registry.adapters.sql_bulk import SqlBulk
from tallyward.registry.adapters.sql_development import SqlDevelopment
from tallyward.registry.adapters.sql_inspections import SqlInspections
from tallyward.registry.adapters.sql_registry import sql_registry
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.adapters.table_writer import write_table
from tallyward.registry.importing import BulkRegistry
from tallyward.registry.inspecting import Inspections
from tallyward.registry.model import Enterprise, EnterpriseKind
from tallyward.registry.service import RegistryService
from tallyward.wiring import migrate
from tallyward.wiring.custody.cosigning import CustodyCosigning
from tallyward.wiring.custody.door import CustodyDoor
from tallyward.wiring.custody.health import CustodyHealthBoard
from tallyward.wiring.custody.risk import CustodyRisk
from tallyward.wiring.custody.risk_board import CustodyRiskBoard
from tallyward.wiring.custody.telling import CustodyTelling
from tallyward.wiring.detection import detection, load_rules, traversal_of
from tallyward.wiring.folder import prepare_folder
from tallyward.wiring.intake_board import IntakeBoard
from tallyward.wiring.real_name_use import used_unregistered
from tallyward.wiring.scan_log import ScanLog
from tallyward.wiring.scanning import Scanning
from tallyward.wiring.settings import Settings

PATIENCE: Final = 20.0
"""Seconds to wait for the records where a running server keeps them in order just now: it lets go of them sooner."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Every service, ready."""

    settings: Settings
    clock: Clock
    registry: RegistryService
    bulk: BulkRegistry
    records: RecordsService
    rules: RuleKeeping
    whitelist: Whitelist
    dry_runs: DryRuns
    scanning: Scanning
    scan_with: Callable[[RuleBook], CardScan]  # other rules on the same records: no incident, no scan log
    incidents: IncidentService
    accounts: Accounts
    audit: SqlAuditLog
    scan_log: ScanLog
    baselines: ClassBaselines
    intakes: IntakeBoard
    inspections: Inspections
    statistics: Statistics
    custody_door: CustodyDoor
    custody_risk: CustodyRisk
    custody_telling: CustodyTelling
    custody_cosigning: CustodyCosigning

    def console_services(self) -> ConsoleServices:
        """What the console stands on."""
        return ConsoleServices(
            registry=self.registry,
            records=self.records,
            incidents=self.incidents,
            rules=self.rules,
            whitelist=self.whitelist,
            dry_runs=self.dry_runs,
            accounts=self.accounts,
            audit=self.audit,
            scans=self.scan_log,
            baselines=self.baselines,
            intakes=self.intakes,
            inspections=self.inspections,
            statistics=self.statistics,
            clock=self.clock,
            https=self.settings.https,
            custody_door=self.custody_door,
            custody_risk=CustodyRiskBoard(self.custody_risk.log),
            custody_health=CustodyHealthBoard(self.settings, self.custody_cosigning),
        )

    def enterprise_by_code(self, code: str) -> Enterprise:
        """The enterprise of a code; refuses with `wiring.no_enterprise`."""
        for enterprise in self.registry.enterprises(PLATFORM):
            if enterprise.code == code:
                return enterprise
        raise NotFoundError("wiring.no_enterprise", code=code[:40])

    def operator(self, code: str | None) -> Enterprise:
        """The enterprise of a code, or the only operator there is; refuses with `wiring.operator_unclear`."""
        if code:
            return self.enterprise_by_code(code)
        operators = [one for one in self.registry.enterprises(PLATFORM) if one.kind is EnterpriseKind.OPERATOR]
        if len(operators) != 1:
            raise InvalidError("wiring.operator_unclear", operators=len(operators))
        return operators[0]


@contextmanager
def open_platform(
    settings: Settings,
    *,
    writing: bool = False,
    wait_seconds: float = 0,
    clock: Clock | None = None,
    spark_master: str | None = None,
) -> Iterator[Platform]:
    """Open the installation of a folder, made or brought to this release's form where needed.

    `writing` takes the one right to take records in, waiting so long for it. `spark_master`: days are traversed there.
    """
    clock = clock or SystemClock()
    folder = settings.folder
    prepare_folder(folder)
    with ExitStack() as stack:
        engine = open_engine(settings.database_url)
        stack.callback(engine.dispose)
        migrate.upgrade(engine)
        sessions = scoped_sessions(engine)
        registry = RegistryService(sql_registry(sessions), clock)
        records = _open_records(settings, registry, clock, writing=writing, wait_seconds=wait_seconds)
        stack.callback(records.close)
        incidents = IncidentService(
            SqlIncidents(sessions, write_audit), registry.owners, clock, records.operator_of_intake
        )
        traversal = stack.enter_context(traversal_of(settings, spark_master))
        found = detection(settings, sessions, registry, records, incidents, traversal, clock)
        stack.callback(found.dry_runs.close)
        risk = CustodyRisk(settings, registry, records, found.scanning.absorb, found.sightings, clock)
        stack.callback(risk.close)
        door = CustodyDoor(settings, clock)
        stack.callback(door.close)
        yield Platform(
            settings=settings,
            clock=clock,
            registry=registry,
            bulk=BulkRegistry(SqlBulk(sessions), clock, open_table, write_table),
            records=records,
            rules=found.rules,
            whitelist=found.whitelist,
            dry_runs=found.dry_runs,
            scan_with=found.scan_with,
            scanning=found.scanning,
            incidents=incidents,
            accounts=Accounts(SqlAccounts(sessions, write_audit), clock),
            audit=SqlAuditLog(sessions),
            scan_log=found.scan_log,
            baselines=found.baselines,
            intakes=IntakeBoard(folder / "intake", clock),
            inspections=Inspections(
                SqlInspections(sessions),
                used_unregistered(incidents),
                clock,
                threshold=settings.real_name_share,
                cadences=settings.inspections,
                also_assumed=settings.real_name_assumed,
            ),
            statistics=Statistics(SqlDevelopment(sessions), SqlSecurity(sessions), FRESH_SECONDS),
            custody_door=door,
            custody_risk=risk,
            custody_telling=CustodyTelling(settings, registry, incidents, clock),
            custody_cosigning=CustodyCosigning(settings.custody_witnesses, door.ledger, folder, clock),
        )


def _open_records(
    settings: Settings, registry: RegistryService, clock: Clock, *, writing: bool, wait_seconds: float
) -> RecordsService:
    """The records of a folder.

    A reader that comes first, or before a store of an older release was written to, does what a writer would do first.
    """
    folder = settings.folder / "records"
    if not writing:
        try:
            return open_records(folder, registry.directory, clock, read_only=True)
        except (NotFoundError, ConflictError) as missing:
            if missing.code not in {"records.no_store", "records.manifest_old"}:
                raise
            open_records(folder, registry.directory, clock).close()
            return open_records(folder, registry.directory, clock, read_only=True)
    return open_records(folder, registry.directory, clock, floor_bytes=settings.floor_bytes, wait_seconds=wait_seconds)


def book_in_use(settings: Settings) -> RuleBook:
    """The rules in use in an installation; those of the files where there is none yet, and none is made."""
    with named_rules(settings) as rules:
        return rules.book


class NamedRules(NamedTuple):
    """Rules by what people call them: those in use by id, and a version of one by (id, its number or name)."""

    book: RuleBook
    version: Callable[[RuleId, str], Rule]


@contextmanager
def named_rules(settings: Settings) -> Iterator[NamedRules]:
    """The rules of an installation; where there is none yet, those of the files, whose text is version 0."""
    if not _installed(settings):
        book = load_rules(settings)
        yield NamedRules(book, lambda rule, to: named_rule(rule, to, (), book.rule(rule)))
        return
    with open_platform(settings) as platform:
        yield NamedRules(platform.rules.book(), platform.rules.named)


def _installed(settings: Settings) -> bool:
    return settings.database is not None or (settings.folder / "state.sqlite3").exists()


def upgrade_database(settings: Settings) -> None:
    """Bring the state database to this release's form."""
    prepare_folder(settings.folder)
    migrate.upgrade(settings.database_url)


def database_revisions(settings: Settings) -> tuple[str | None, str]:
    """(the form the tables have, the form of this release)."""
    return migrate.current(settings.database_url), migrate.newest()
