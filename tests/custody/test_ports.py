"""The embedded ledger has the face that the port asks for."""

from tallyward.custody.adapters.sqlite_ledger import LedgerFile, SqliteLedger
from tallyward.custody.audit import Stored
from tallyward.custody.ports import Ledger


def names(port: type) -> set[str]:
    """The public names of a port."""
    return {name for name in vars(port) if not name.startswith("_")}


def test_nothing_is_missing() -> None:
    assert names(Ledger) - {"machine"} <= set(dir(SqliteLedger))
    assert names(Stored) <= set(dir(LedgerFile))
