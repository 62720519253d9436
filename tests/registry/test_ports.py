import inspect

import pytest

from tallyward.registry import importing, ports
from tallyward.registry.adapters.sql_bulk import SqlBulk
from tallyward.registry.adapters.sql_cards import SqlCards
from tallyward.registry.adapters.sql_reference import SqlReference
from tallyward.registry.adapters.sql_snapshots import SqlSnapshots
from tallyward.registry.adapters.sql_terminals import SqlTerminals

PAIRS = [
    (ports.ReferenceStore, SqlReference),
    (ports.CardStore, SqlCards),
    (ports.TerminalStore, SqlTerminals),
    (ports.SnapshotStore, SqlSnapshots),
    (importing.BulkStore, SqlBulk),
]


def asked(kind: type[object]) -> dict[str, list[str]]:
    """Public methods and the names of their parameters."""
    return {
        name: list(inspect.signature(method).parameters)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


@pytest.mark.parametrize(("port", "adapter"), PAIRS, ids=lambda kind: kind.__name__)
def test_an_adapter_does_what_its_port_asks_and_nothing_else(port: type[object], adapter: type[object]) -> None:
    assert asked(adapter) == asked(port)
