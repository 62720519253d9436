"""A small registry and the files it is made from, on either engine: what the tests of this room share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from tallyward.kernel.actor import PLATFORM, Actor, Scope
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import Sessions, scoped_sessions
from tallyward.registry.adapters.sql_audit import SqlAuditLog
from tallyward.registry.adapters.sql_bulk import SqlBulk
from tallyward.registry.adapters.sql_registry import sql_registry
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.adapters.table_writer import write_table
from tallyward.registry.columns import Kind
from tallyward.registry.importing import BulkRegistry
from tallyward.registry.report import ImportReport
from tallyward.registry.service import RegistryService

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

ICCIDS = ("89860000000000000019", "89860000000000000027", "8986031840201A123456", "89860000000000000043")
"""The first two cards are of enterprise A, the third of B, the fourth of B by another operator."""

FILES = {
    Kind.ENTERPRISES: (
        "code,name,kind\nop,华讯 Huaxun,operator\nop2,Other operator,operator\na,Alpha,industry_user\n"
        "b,Beta,industry_user\nreg,Control centre,regulator\n"
    ),
    Kind.CLASSES: (
        "code,title_en,title_zh,month_bytes,day_bytes,max_peers,max_cells,max_imeis\n"
        "meter,Meter,表计卡,30000000,2000000,4,,2\nopen,Open,开放卡,,,,,\n"
    ),
    Kind.AREAS: (
        "code,title_en,title_zh,fraud_prone,plmns\nCN-32,Jiangsu,江苏,,46000 46001\nX,Zone X,重点区,yes,99901\n"
    ),
    Kind.CELLS: (
        "cgi,area,latitude,longitude\n460-00-1-1,CN-32,32.06,118.79\n460-00-1-2,CN-32,32.07,118.80\n"
        "999-01-7-7,X,12.0,140.0\n460-00-1-3,CN-32,32.061,118.791\n"
    ),
    Kind.GROUP_LISTS: (
        "enterprise,code,kind,entry\na,net,ipv4,10.1.0.0/16\na,net,apn,IOT.example\nb,net,ipv4,10.2.0.1\n"
        "op,common,number,8613800000000\nop,common,ipv6,2001:DB8::1\n"
    ),
    Kind.TERMINALS: (
        "serial,enterprise,usage,access,vendor,model,firmware,imei,fixed,latitude,longitude,gateway\n"
        "T-1,a,public,nb-iot,Lingxi,M1,1.0,490154203237518,true,32.06,118.79,\n"
        "T-2,a,public,4g,Lingxi,M1,1.0,356938035643809,false,,,GW-1\n"
        "GW-1,a,production,wired,Yunque,G9,2.1,,true,,,GW-0\n"
        "GW-0,a,production,wired,Yunque,G9,2.1,,true,,,\n"
        "T-3,b,consumer,5g,,,,,,,,\n"
    ),
    Kind.CARDS: (
        "iccid,imsi,msisdn,operator,enterprise,card_class,voice,voice_list,sms,sms_list,data,data_list,roaming,fixed,"
        "home_area,home_cell,real_name,max_peers\n"
        f"{ICCIDS[0]},460000000000001,8614400000001,op,a,meter,none,,directed,common,directed,net,no,yes,"
        "CN-32,460-00-1-1,active,9\n"
        f"{ICCIDS[1]},460000000000002,,op,a,open,open,,open,,open,,yes,no,,,none,\n"
        f"{ICCIDS[2]},460000000000003,+8614400000003,op,b,meter,none,,none,,directed,net,no,yes,"
        "CN-32,460-00-1-2,active,\n"
        f"{ICCIDS[3]},460000000000004,8614400000004,op2,b,open,none,,none,,open,,no,no,CN-32,,suspended,\n"
    ),
    Kind.BINDINGS: (
        "iccid,serial,since,until,reason\n"
        f"{ICCIDS[0]},T-1,2026-01-01T08:00:00+08:00,,first fitted\n"
        f"{ICCIDS[1]},T-1,2025-01-01T00:00:00Z,2025-06-01T00:00:00Z,first fitted\n"
        f"{ICCIDS[1]},T-2,2025-06-01T00:00:00Z,,moved\n"
        f"{ICCIDS[2]},T-3,2026-01-01T00:00:00Z,,\n"
    ),
}


@dataclass(frozen=True)
class World:
    """A migrated database and the services on it."""

    engine: Engine
    folder: Path
    sessions: Sessions
    clock: FixedClock
    registry: RegistryService
    bulk: BulkRegistry
    audit: SqlAuditLog

    def take(self, kind: Kind, text: str | bytes, actor: Actor = PLATFORM) -> ImportReport:
        """Import a text as a file."""
        file = self.folder / f"{kind}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.bulk.import_table(actor, kind, file)

    def take_all(self, upto: Kind = Kind.BINDINGS, joined: datetime | None = None) -> "World":
        """Import the sample files; that of cards tells when they joined where that is given."""
        for kind, text in FILES.items():
            told = dated(text, joined) if kind is Kind.CARDS and joined else text
            report = self.take(kind, told)
            assert not report.rejected, report
            if kind is upto:
                break
        return self

    def of(self, code: str) -> Actor:
        """A person bound to the enterprise with this code."""
        ids = {enterprise.code: enterprise.id for enterprise in self.registry.enterprises(PLATFORM)}
        return Actor(f"{code}-person", Scope(EnterpriseId(ids[code])))


def dated(cards: str, joined: datetime) -> str:
    """A file of cards that tells when each of them joined."""
    head, *rows = cards.splitlines()
    return "\n".join([f"{head},joined", *(f"{row},{joined.isoformat()}" for row in rows)]) + "\n"


def open_world(url: str, folder: Path) -> World:
    """Services on a migrated database."""
    engine = open_engine(url)
    sessions = scoped_sessions(engine)
    clock = FixedClock(NOW)
    return World(
        engine=engine,
        folder=folder,
        sessions=sessions,
        clock=clock,
        registry=RegistryService(sql_registry(sessions), clock),
        bulk=BulkRegistry(SqlBulk(sessions), clock, open_table, write_table),
        audit=SqlAuditLog(sessions),
    )


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    """(line, field, code) of each problem."""
    return [(problem.line, problem.field, problem.code) for problem in report.rejected]
