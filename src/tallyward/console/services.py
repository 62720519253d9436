"""What the console stands on: handed in by wiring as one value."""

from collections.abc import Callable
from dataclasses import dataclass

from tallyward.console.accounts import Accounts
from tallyward.console.custody_desk import CustodyDesk
from tallyward.console.ports import AuditLog, Baselines, CustodyHealth, CustodyRisk, Intakes, Records, Registry, Scans
from tallyward.console.statistics import Statistics
from tallyward.detect.dry_runs import DryRuns
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.detect.whitelisting import Whitelist
from tallyward.incidents.service import IncidentService
from tallyward.kernel.clock import Clock
from tallyward.registry.inspecting import Inspections


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """The services behind the routes. `https`: the console is reached over https, so its cookie is marked Secure.

    `custody_door` gives the desk of the card ledger once one was begun; `custody_risk`: None where nobody holds usage
    against one; `custody_health`: None where nobody asks who keeps it going.
    """

    registry: Registry
    records: Records
    incidents: IncidentService
    rules: RuleKeeping
    whitelist: Whitelist
    dry_runs: DryRuns
    accounts: Accounts
    audit: AuditLog
    scans: Scans
    intakes: Intakes
    inspections: Inspections
    statistics: Statistics
    clock: Clock
    baselines: Baselines
    https: bool = False
    custody_door: Callable[[], CustodyDesk | None] = lambda: None
    custody_risk: CustodyRisk | None = None
    custody_health: CustodyHealth | None = None

    @property
    def custody(self) -> CustodyDesk | None:
        """The desk of the card ledger; None as long as none was begun."""
        return self.custody_door()
