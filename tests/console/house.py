"""Two of everything: tenant A and tenant B, each an operator with a fleet, and people of every role.

Odd ids are A's, even ids are B's. Everything of B that A must never read holds one of `SECRETS_OF_B`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.orm import Session

from tallyward.console.accounts import Accounts
from tallyward.console.adapters.sql_accounts import SqlAccounts
from tallyward.console.app import create_app
from tallyward.console.credentials import Passwords
from tallyward.console.people import NewUser
from tallyward.console.roles import Role
from tallyward.console.services import ConsoleServices
from tallyward.console.statistics import Statistics
from tallyward.detect.adapters.sql_rules import SqlRules
from tallyward.detect.adapters.sql_whitelist import SqlWhitelist
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.finding import Subject, SubjectKind
from tallyward.detect.dry_runs import DryRuns
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.detect.whitelisting import Whitelist
from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.sql_statistics import FRESH_SECONDS, SqlSecurity
from tallyward.incidents.model import IncidentFilter
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import CardId, EnterpriseId, IncidentId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.adapters.sql_audit import SqlAuditLog, write_audit
from tallyward.registry.adapters.sql_development import SqlDevelopment
from tallyward.registry.adapters.sql_inspections import SqlInspections
from tallyward.registry.adapters.sql_registry import sql_registry
from tallyward.registry.adapters.tables import (
    AreaRow,
    BindingRow,
    CardClassRow,
    CardRow,
    CellRow,
    EnterpriseRow,
    GroupEntryRow,
    GroupListRow,
    TerminalRow,
)
from tallyward.registry.inspecting import Inspections
from tallyward.registry.inspection import LateCard, Part
from tallyward.registry.inspection_period import Cadence, Period
from tallyward.registry.model import RealName
from tallyward.registry.service import RegistryService
from tallyward.wiring import migrate
from tallyward.wiring.real_name_use import used_unregistered
from tests.console import ledger
from tests.console.browser import TestClient
from tests.console.fakes import (
    DAY,
    DAY_TS,
    NOON,
    FakeBaselines,
    FakeIntakes,
    FakeRecords,
    FakeRisk,
    FakeScan,
    FakeScans,
    quarantined,
    record,
    source,
)
from tests.incidents.making import make_finding

OPERATOR_A, OPERATOR_B, FLEET_A, FLEET_B, CENTRE = (EnterpriseId(number) for number in (1, 2, 11, 12, 20))
CARD_A, CARD_B = 1, 2
TERMINAL_A, TERMINAL_B = 101, 102
DATABASE = "state.sqlite3"
PASSWORD = "four words and 7"
SECRETS_OF_B = (
    "bravo",  # in each name, code, file and text of B, except the operator's own: operators are known to everybody
    "8986002",  # ICCIDs
    "460002",  # IMSIs
    "8614400002",  # MSISDNs
    "10.66.",  # peers
)
PEOPLE = {
    "root": (Role.ADMIN, None),
    "admin-alpha": (Role.ADMIN, OPERATOR_A),
    "analyst-alpha": (Role.ANALYST, OPERATOR_A),
    "fleet-alpha": (Role.FLEET_OWNER, FLEET_A),
    "engineer-alpha": (Role.ENGINEER, FLEET_A),
    "admin-bravo": (Role.ADMIN, OPERATOR_B),
    "analyst-bravo": (Role.ANALYST, OPERATOR_B),
    "fleet-bravo": (Role.FLEET_OWNER, FLEET_B),
    "centre": (Role.REGULATOR, CENTRE),
}
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
BY_COOKIE = {"X-Tallyward": "1"}


@dataclass
class House:
    """A console with two tenants in it."""

    services: ConsoleServices
    app: FastAPI
    clock: FixedClock
    records: FakeRecords
    scans: FakeScans
    intakes: FakeIntakes
    incidents: IncidentService
    accounts: Accounts
    audit: SqlAuditLog
    clients: dict[str, TestClient] = field(default_factory=dict)

    def client(self) -> TestClient:
        """A browser nobody has signed in with."""
        return TestClient(self.app, base_url="http://console.test")

    def signed_in(self, name: str) -> TestClient:
        """A browser of a person, who is signed in."""
        if name not in self.clients:
            client = self.client()
            answer = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers.update(BY_COOKIE)
            self.clients[name] = client
        return self.clients[name]


@contextmanager
def opened(folder: Path, rules: RuleBook, *, furnished: bool = False, database: str | None = None) -> Iterator[House]:
    """A house on a database, by default in the folder, which is made and filled unless it is `furnished` already."""
    engine = open_engine(database or f"sqlite:///{folder / DATABASE}")
    sessions = scoped_sessions(engine)
    if not furnished:
        migrate.upgrade(engine)
        with sessions.begin(EVERYTHING) as session:
            _people_and_things(session)
    clock, records, scans, intakes = FixedClock(NOON), FakeRecords(), FakeScans(), FakeIntakes()
    registry = RegistryService(sql_registry(sessions), clock)
    incidents = IncidentService(
        SqlIncidents(sessions, write_audit), registry.owners, clock, {7: OPERATOR_A, 8: OPERATOR_B}.get
    )
    accounts = Accounts(SqlAccounts(sessions, write_audit), clock, CHEAP)
    audit = SqlAuditLog(sessions)
    store = SqlInspections(sessions)
    inspections = Inspections(store, used_unregistered(incidents), clock, threshold=0.9)
    statistics = Statistics(SqlDevelopment(sessions), SqlSecurity(sessions), FRESH_SECONDS)
    closing = ExitStack()
    desk = ledger.desk(folder, clock, closing)
    keeping = RuleKeeping(SqlRules(sessions, write_audit), rules, clock, registry.speaks_for_all)
    dry_runs = DryRuns(FakeScan, records.days, keeping.book, clock)
    services = ConsoleServices(
        registry=registry,
        records=records,
        incidents=incidents,
        rules=keeping,
        whitelist=Whitelist(SqlWhitelist(sessions, write_audit), registry, keeping.book, clock),
        dry_runs=dry_runs,
        accounts=accounts,
        audit=audit,
        scans=scans,
        intakes=intakes,
        inspections=inspections,
        statistics=statistics,
        clock=clock,
        baselines=FakeBaselines(),
        custody_door=lambda: desk,
        custody_risk=FakeRisk(),
    )
    house = House(
        services, create_app(services, folder / "pages"), clock, records, scans, intakes, incidents, accounts, audit
    )
    _bring_records(records)
    if not furnished:
        _fill(house)
        _inspect(store)
    yield house
    closing.close()
    dry_runs.close()
    engine.dispose()


def _people_and_things(session: Session) -> None:
    for enterprise, code, kind in (
        (OPERATOR_A, "alpha-op", "operator"),
        (OPERATOR_B, "beta-op", "operator"),
        (FLEET_A, "alpha-fleet", "industry_user"),
        (FLEET_B, "bravo-fleet", "industry_user"),
        (CENTRE, "centre", "regulator"),
    ):
        session.add(EnterpriseRow(id=enterprise, code=code, name=code.title(), kind=kind))
    session.add(AreaRow(id=1, code="CN-31", title_en="Shanghai", title_zh="上海", fraud_prone=False, plmns="46000"))
    session.add(AreaRow(id=2, code="XX", title_en="Elsewhere", title_zh="境外", fraud_prone=True, plmns=""))
    session.add(CardClassRow(id=1, code="meter", title_en="Meter", title_zh="抄表", day_bytes=1_000_000, max_peers=5))
    session.flush()
    session.add(CellRow(id=1, cgi="460-00-4321-10", area_id=1, latitude=31.2, longitude=121.5))
    for odd, (holder, operator) in enumerate(((FLEET_A, OPERATOR_A), (FLEET_B, OPERATOR_B))):
        word = ("alpha", "bravo")[odd]
        session.add(GroupListRow(id=odd + 1, enterprise_id=holder, operator_id=operator, code=f"{word}-list"))
        session.flush()
        for entry in (f"10.{55 + odd * 11}.0.0/16", f"{word}.iot"):
            session.add(
                GroupEntryRow(
                    list_id=odd + 1,
                    kind="apn" if "iot" in entry else "ipv4",
                    entry=entry,
                    enterprise_id=holder,
                    operator_id=operator,
                )
            )
        for number in range(odd + 1, odd + 7, 2):
            session.add(_card(number, holder, operator, odd))
        session.add(_terminal(101 + odd, holder, operator, word))
        session.flush()
        session.add(
            BindingRow(
                id=odd + 1,
                card_id=odd + 1,
                terminal_id=101 + odd,
                since=DAY_TS,
                until=None,
                reason=f"{word} sold",
                enterprise_id=holder,
                operator_id=operator,
            )
        )


def _card(number: int, holder: int, operator: int, odd: int) -> CardRow:
    return CardRow(
        id=number,
        iccid=f"898600{odd + 1}0000000000M{number:02d}",
        imsi=f"46000{odd + 1}00000000{number}",
        msisdn=f"861440000{odd + 1}00{number:02d}",
        operator_id=operator,
        enterprise_id=holder,
        class_id=1,
        voice_mode=0,
        voice_list=None,
        sms_mode=2,
        sms_list=None,
        data_mode=1,
        data_list=odd + 1,
        roaming=False,
        fixed=True,
        home_area=1,
        home_cell=1,
        real_name="active",
        day_bytes=None,
        month_bytes=None,
        max_peers=9,
        max_cells=None,
        max_imeis=None,
    )


def _terminal(number: int, holder: int, operator: int, word: str) -> TerminalRow:
    return TerminalRow(
        id=number,
        serial=f"{word}-{number}",
        enterprise_id=holder,
        operator_id=operator,
        usage="production",
        access="nb-iot",
        vendor="Acme",
        model=f"{word} meter",
        firmware="1.0",
        imei="490154203237518",
        fixed=True,
        latitude=31.2,
        longitude=121.5,
        gateway_id=None,
    )


def _bring_records(records: FakeRecords) -> None:
    alpha, bravo = source(1, "alpha-files", OPERATOR_A), source(2, "bravo-files", OPERATOR_B, 40)
    records.known_sources = [alpha, bravo]
    records.set_aside = [
        quarantined(number, (bravo, alpha)[number % 2], ("bravo.csv", "alpha.csv")[number % 2])
        for number in range(1, 9)
    ]
    for card, peer in ((CARD_A, "10.55.0."), (CARD_B, "10.66.0.")):
        records.of_card[card, DAY] = [
            record(
                DAY_TS + 600 * number, f"{peer}{number % 4}", row=number, service="sms" if number % 5 == 0 else "data"
            )
            for number in range(1, 13)
        ]


def _inspect(store: SqlInspections) -> None:
    """The first inspection is of both tenants, the second of B's alone."""
    both = [
        Part(
            whose=(holder, operator),
            states={RealName.ACTIVE: 7, RealName.NONE: 3},
            in_use=1,
            undated=2,
            longest_since=DAY_TS,
            late=(
                LateCard(CardId(card), f"898600{operator}0000000000M{card:02d}", RealName.NONE, DAY_TS, in_use=True),
            ),
        )
        for holder, operator, card in ((FLEET_A, OPERATOR_A, CARD_A), (FLEET_B, OPERATOR_B, CARD_B))
    ]
    for cadence, parts in ((Cadence.DAILY, both), (Cadence.WEEKLY, both[1:])):
        assert store.keep(cadence, Period(DAY, DAY), NOON, 0.9, parts)


def _fill(house: House) -> None:
    house.incidents.absorb(
        [
            *(make_finding(card, rule, area=1) for card in (1, 2, 3, 4) for rule in ("R1", "R2")),
            make_finding(0, "R0.unknown_card", subject=Subject(SubjectKind.IMSI, "460001999999999"), intake=7),
            make_finding(0, "R0.unknown_card", subject=Subject(SubjectKind.IMSI, "460002999999999"), intake=8),
        ]
    )
    house.incidents.comment(PLATFORM, incident_of(house, CARD_B), "bravo note")
    for name, (role, enterprise) in PEOPLE.items():
        house.accounts.add_user(PLATFORM, NewUser(name, f"{name} Person", role, enterprise))
        user = house.accounts.set_password(PLATFORM, name, PASSWORD)
        if role is not Role.REGULATOR:
            house.accounts.add_token(user, f"{name} token", 30)


def incident_of(house: House, card: int) -> IncidentId:
    """The newest incident of a card."""
    found = house.incidents.page(PLATFORM, IncidentFilter(card=CardId(card)), PageRequest(1))
    return found.rows[0].id
