"""All stores of the registry on one database."""

from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_cards import SqlCards
from tallyward.registry.adapters.sql_reference import SqlReference
from tallyward.registry.adapters.sql_snapshots import SqlSnapshots
from tallyward.registry.adapters.sql_terminals import SqlTerminals
from tallyward.registry.ports import RegistryStores


def sql_registry(sessions: Sessions) -> RegistryStores:
    """What `RegistryService` stands on."""
    return RegistryStores(SqlReference(sessions), SqlCards(sessions), SqlTerminals(sessions), SqlSnapshots(sessions))
