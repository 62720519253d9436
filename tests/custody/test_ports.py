"""What stands behind a port has the face that it asks for."""

from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.sqlite_look_ups import SqliteLookUpLog
from tallyward.custody.audit import Stored
from tallyward.custody.ports import Ledger, LookUpLog, UsageFacts
from tests.custody.usage import Network


def names(port: type) -> set[str]:
    """The public names of a port."""
    return {name for name in vars(port) if not name.startswith("_")}


def test_nothing_is_missing() -> None:
    assert names(Ledger) - {"machine"} <= set(dir(SqliteLedger))
    assert names(Stored) <= set(dir(LedgerFile))
    assert names(LookUpLog) <= set(dir(SqliteLookUpLog))
    assert names(UsageFacts) <= set(dir(Network))
