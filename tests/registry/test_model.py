from sqlalchemy import String

from tallyward.registry.adapters.tables import CardRow, EnterpriseRow, GroupEntryRow, TerminalRow
from tallyward.registry.model import Access, EnterpriseKind, FunctionMode, PeerKind, RealName, Usage


def test_stored_values_fit_their_columns() -> None:
    for kind, column in (
        (EnterpriseKind, EnterpriseRow.kind),
        (Usage, TerminalRow.usage),
        (Access, TerminalRow.access),
        (RealName, CardRow.real_name),
        (PeerKind, GroupEntryRow.kind),
    ):
        form = column.type
        assert isinstance(form, String)
        assert max(map(len, kind)) <= (form.length or 0)


def test_modes_are_ordered_from_nothing_to_anything() -> None:
    assert FunctionMode.NONE < FunctionMode.DIRECTED < FunctionMode.OPEN
    assert [int(mode) for mode in FunctionMode] == [0, 1, 2]
