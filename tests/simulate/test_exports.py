import pytest

from tallyward.registry.columns import COLUMNS, IMPORT_ORDER, Form, Kind
from tallyward.simulate.columns import Cards
from tallyward.simulate.enterprises import FIRMS
from tallyward.simulate.exports import write_import_files
from tallyward.simulate.fleet import Fleet
from tests.simulate.naive_files import rows

Tables = dict[Kind, list[dict[str, str]]]


@pytest.fixture(scope="module")
def tables(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return {kind: rows(path) for kind, path in write_import_files(fleet, tmp_path_factory.mktemp("files")).items()}


def test_kinds_come_in_the_order_of_import(tables: Tables) -> None:
    assert tuple(tables) == IMPORT_ORDER


@pytest.mark.parametrize("kind", Kind)
def test_columns_are_the_documented_ones(tables: Tables, kind: Kind) -> None:
    assert set(tables[kind][0]) == {column.name for column in COLUMNS[kind]}
    for column in COLUMNS[kind]:
        values = {row[column.name] for row in tables[kind]}
        assert not (column.required and "" in values), column.name
        if column.form is Form.CHOICE:
            assert values - {""} <= set(column.choices)
        if column.form is Form.FLAG:
            assert values <= {"true", "false"}


def test_references_name_what_exists(tables: Tables) -> None:
    firms = {row["code"] for row in tables[Kind.ENTERPRISES]}
    lists = {(row["enterprise"], row["code"]) for row in tables[Kind.GROUP_LISTS]}
    cells = {row["cgi"]: row["area"] for row in tables[Kind.CELLS]}
    serials = {row["serial"] for row in tables[Kind.TERMINALS]}
    iccids = {row["iccid"] for row in tables[Kind.CARDS]}
    for row in tables[Kind.CARDS]:
        assert {row["operator"], row["enterprise"]} <= firms
        assert cells[row["home_cell"]] == row["home_area"]
        for name in ("voice", "sms", "data"):
            assert (row[name] == "directed") == bool(row[f"{name}_list"])
            assert row[name] != "directed" or (row["enterprise"], row[f"{name}_list"]) in lists
    assert all(row["iccid"] in iccids and row["serial"] in serials for row in tables[Kind.BINDINGS])
    assert all(row["enterprise"] in firms for row in tables[Kind.TERMINALS])


def test_there_are_as_many_rows_as_asked_for(fleet: Fleet, cards: Cards, tables: Tables) -> None:
    assert len(tables[Kind.CARDS]) == len({row["iccid"] for row in tables[Kind.CARDS]}) == len(cards)
    assert len(tables[Kind.TERMINALS]) == fleet.terminals
    assert len(tables[Kind.BINDINGS]) == fleet.cellular
    assert len(tables[Kind.ENTERPRISES]) == len(FIRMS)


def test_a_card_and_its_terminal_belong_together(tables: Tables) -> None:
    terminals = {row["serial"]: row for row in tables[Kind.TERMINALS]}
    cards = {row["iccid"]: row for row in tables[Kind.CARDS]}
    for row in tables[Kind.BINDINGS]:
        card, terminal = cards[row["iccid"]], terminals[row["serial"]]
        assert card["enterprise"] == terminal["enterprise"]
        assert card["fixed"] == terminal["fixed"]
