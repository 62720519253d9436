import pytest
from sqlalchemy import text

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.errors import TooLargeError
from tallyward.kernel.ids import CellId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.columns import Kind
from tallyward.registry.filters import CardFilter
from tests.registry.world import FILES, ICCIDS, World, codes

CARDS = FILES[Kind.CARDS]


def test_numbers_of_other_cards_are_taken(world: World) -> None:
    world.take_all()
    header, *rows = CARDS.splitlines()
    new = rows[1].replace(ICCIDS[1], "89860000000000000050")
    report = world.take(Kind.CARDS, f"{header}\n{new}\n{rows[0]}\n{new.replace('050,', '068,')}\n")
    assert codes(report) == [
        (2, "imsi", "registry.number_taken"),
        (4, "imsi", "registry.number_taken"),
    ]
    assert (report.added, report.unchanged) == (0, 1)


def test_card_ids_are_dense_from_one_whatever_was_refused(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    header, *rows = CARDS.splitlines()
    world.take(Kind.CARDS, "\n".join([header, rows[0], "bad" + rows[1], rows[2]]) + "\n")
    world.take(Kind.CARDS, CARDS)
    page = world.registry.cards(PLATFORM, CardFilter(), PageRequest())
    assert [(card.id, card.iccid) for card in page.rows] == [
        (1, ICCIDS[0]),
        (2, ICCIDS[2]),
        (3, ICCIDS[1]),
        (4, ICCIDS[3]),
    ]


def test_only_what_differs_is_changed(world: World) -> None:
    world.take_all()
    report = world.take(Kind.CARDS, CARDS.replace("460000000000002,,", "460000000000002,8614499999999,"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 3)
    card = world.registry.find_card(PLATFORM, "+86 14499999999")
    assert card is not None
    assert card.id == 2


def test_cells_get_their_ids_along_the_curve(world: World) -> None:
    world.take_all(Kind.CELLS)
    cells = world.registry.cell_names(map(CellId, range(1, 9)))
    ids = {cell.cgi: number for number, cell in cells.items()}
    assert sorted(ids.values()) == [1, 2, 3, 4]
    assert abs(ids["460-00-1-1"] - ids["460-00-1-3"]) == 1


def test_a_number_moves_in_two_imports(world: World) -> None:
    world.take_all()
    moved = CARDS.replace("460000000000002,,", "460000000000002,8614400000001,").replace(
        "460000000000001,8614400000001,", "460000000000001,,"
    )
    first = world.take(Kind.CARDS, moved)
    assert (codes(first), first.changed) == ([(3, "msisdn", "registry.number_taken")], 1)
    second = world.take(Kind.CARDS, moved)
    assert (second.rejected_count, second.changed, second.unchanged) == (0, 1, 3)


def test_a_block_that_is_partly_new_is_merged(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    header, *rows = CARDS.splitlines()
    assert world.take(Kind.CARDS, f"{header}\n{rows[2]}\n").added == 1
    report = world.take(Kind.CARDS, CARDS.replace("suspended", "active"))
    assert (report.added, report.changed, report.unchanged) == (3, 0, 1)


def test_ids_end_where_their_columns_end(world: World) -> None:
    world.take_all(Kind.CLASSES)
    with world.sessions.begin(EVERYTHING) as session:
        session.execute(
            text(
                "INSERT INTO area (id, code, title_en, title_zh, fraud_prone, plmns)"
                " VALUES (65535, 'last', 'x', 'x', false, '')"
            )
        )
    with pytest.raises(TooLargeError, match=r"registry\.table_full"):
        world.take(Kind.AREAS, FILES[Kind.AREAS])
    assert [area.code for area in world.registry.areas()] == ["last"]


def test_only_changes_of_numbers_ask_for_a_new_directory(world: World) -> None:
    world.take_all()
    before = world.registry.directory()
    world.take(Kind.TERMINALS, FILES[Kind.TERMINALS].replace("Lingxi", "Other"))
    assert world.registry.directory() is before
    world.take(Kind.CARDS, CARDS.replace("460000000000002,,", "460000000000002,8614499999999,"))
    assert world.registry.directory() is not before
