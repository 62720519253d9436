"""Cadences of cards and terminals, through import, change, profile and export."""

from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.cadence import Cadence, effective
from tallyward.registry.columns import Kind
from tallyward.registry.filters import CardFilter, TerminalFilter
from tests.registry.world import FILES, ICCIDS, World, codes

PAGE = PageRequest(limit=500)


def with_cadence(kind: Kind, *said: str) -> str:
    head, *rows = FILES[kind].splitlines()
    cells = [*said, *[""] * (len(rows) - len(said))]
    return "\n".join([f"{head},cadence", *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True))]) + "\n"


def of_cards(world: World) -> list[Cadence]:
    return [card.cadence for card in world.registry.cards(PLATFORM, CardFilter(), PAGE).rows]


def of_terminal(world: World, serial: str) -> Cadence:
    found = world.registry.find_terminal(PLATFORM, serial)
    assert found is not None
    return found.cadence


def in_profiles(world: World, folder: Path) -> list[int]:
    ranks: list[int] = pq.read_table(world.registry.export_profiles(folder).profiles[0])["cadence"].to_pylist()
    return ranks


def test_without_a_word_everything_is_judged_live(world: World, tmp_path: Path) -> None:
    world.take_all()
    assert of_cards(world) == [Cadence.LIVE] * 4
    assert of_terminal(world, "T-1") is Cadence.LIVE
    assert in_profiles(world, tmp_path) == [0, 0, 0, 0]


def test_an_import_sets_it_and_one_that_is_silent_leaves_it(world: World) -> None:
    world.take_all()
    assert world.take(Kind.CARDS, with_cadence(Kind.CARDS, "daily", "", "periodic")).changed == 2
    assert world.take(Kind.TERMINALS, with_cadence(Kind.TERMINALS, "", "daily")).changed == 1
    for kind in (Kind.CARDS, Kind.TERMINALS):
        assert world.take(kind, FILES[kind]).changed == 0
    assert of_cards(world) == [Cadence.DAILY, Cadence.LIVE, Cadence.PERIODIC, Cadence.LIVE]
    assert of_terminal(world, "T-2") is Cadence.DAILY


def test_an_import_of_a_new_fleet_sets_it(world: World) -> None:
    world.take_all(Kind.GROUP_LISTS)
    world.take(Kind.TERMINALS, with_cadence(Kind.TERMINALS, "periodic"))
    world.take(Kind.CARDS, with_cadence(Kind.CARDS, "", "daily"))
    assert of_cards(world) == [Cadence.LIVE, Cadence.DAILY, Cadence.LIVE, Cadence.LIVE]
    assert of_terminal(world, "T-1") is Cadence.PERIODIC


def test_an_unknown_word_is_refused_with_its_line(world: World) -> None:
    world.take_all()
    assert codes(world.take(Kind.CARDS, with_cadence(Kind.CARDS, "hourly"))) == [(2, "cadence", "registry.choice")]


def test_profiles_hold_the_faster_of_a_card_and_the_terminal_it_is_bound_to_now(world: World, tmp_path: Path) -> None:
    world.take_all()
    world.take(Kind.CARDS, with_cadence(Kind.CARDS, "daily", "daily", "periodic", "daily"))
    world.take(Kind.TERMINALS, with_cadence(Kind.TERMINALS, "periodic", "daily", "", "", "daily"))
    # the second card rode in the first's terminal once; the fourth rides in none
    assert in_profiles(world, tmp_path) == [1, 2, 1, 2]
    held = [world.registry.effective_cadence(PLATFORM, CardId(card)) for card in (1, 2, 3, 4)]
    assert held == [Cadence.PERIODIC, Cadence.DAILY, Cadence.PERIODIC, Cadence.DAILY]
    world.registry.unbind(PLATFORM, CardId(1), "taken out")
    assert in_profiles(world, tmp_path) == [2, 2, 1, 2]


def test_a_terminal_of_somebody_else_counts_for_the_card_inside(world: World) -> None:
    world.take_all()
    world.take(Kind.CARDS, with_cadence(Kind.CARDS, "daily"))
    assert world.registry.effective_cadence(world.of("a"), CardId(1)) is Cadence.LIVE


def test_changes_are_seen_at_once_and_written_to_the_audit_log(world: World, tmp_path: Path) -> None:
    world.take_all()
    op = world.of("op")
    terminal = world.registry.find_terminal(PLATFORM, "T-1")
    assert terminal is not None
    for _ in range(2):
        assert world.registry.set_card_cadence(op, CardId(1), Cadence.DAILY).cadence is Cadence.DAILY
    version = world.registry.version()
    assert world.registry.set_terminal_cadence(op, terminal.id, Cadence.PERIODIC).cadence is Cadence.PERIODIC
    assert world.registry.version() == version + 1
    newest, before, *older = world.audit.page(world.of("a").scope, PAGE).rows
    assert (newest.actor, newest.action, newest.subject) == (
        *("op-person", "registry.set_cadence"),
        f"terminal {terminal.id}",
    )
    assert newest.detail == {"before": "live", "cadence": "periodic"}
    assert (before.subject, before.detail) == ("card 1", {"before": "live", "cadence": "daily"})
    assert not [one for one in older if one.action == "registry.set_cadence"], "what changes nothing is not told"
    assert in_profiles(world, tmp_path)[0] == 1


def test_lists_are_asked_for_by_cadence(world: World) -> None:
    world.take_all()
    world.take(Kind.CARDS, with_cadence(Kind.CARDS, "", "daily"))
    world.take(Kind.TERMINALS, with_cadence(Kind.TERMINALS, "periodic"))
    cards = world.registry.cards(PLATFORM, CardFilter(cadence=Cadence.DAILY), PAGE).rows
    assert [card.iccid for card in cards] == [ICCIDS[1]]
    terminals = world.registry.terminals(PLATFORM, TerminalFilter(cadence=Cadence.PERIODIC), PAGE).rows
    assert [one.serial for one in terminals] == ["T-1"]


@pytest.mark.parametrize("kind", [Kind.CARDS, Kind.TERMINALS])
def test_what_is_exported_can_be_imported_again(world: World, kind: Kind) -> None:
    world.take_all()
    world.take(kind, with_cadence(kind, "daily", "periodic"))
    told = pa.concat_tables(world.bulk._store.export(kind, EVERYTHING))["cadence"].to_pylist()
    assert sorted(told)[:3] == ["daily", "live", "live"]
    assert "periodic" in told


def test_the_database_refuses_nothing_as_a_cadence(world: World) -> None:
    world.take_all()
    with pytest.raises(Exception, match=r"(?i)null"), world.sessions.begin(EVERYTHING) as session:
        session.execute(text("UPDATE card SET cadence = NULL"))


def test_ranks_go_from_the_fastest_to_the_slowest() -> None:
    assert [cadence.rank for cadence in (Cadence.LIVE, Cadence.PERIODIC, Cadence.DAILY)] == [0, 1, 2]


@pytest.mark.parametrize(("card", "terminal"), list(product(Cadence, Cadence)))
def test_the_faster_of_card_and_terminal_holds(card: Cadence, terminal: Cadence) -> None:
    (found,) = effective(np.array([card.rank]), np.array([terminal.rank]))
    slow_to_fast = [Cadence.DAILY, Cadence.PERIODIC, Cadence.LIVE]
    assert tuple(Cadence)[found] is max((card, terminal), key=slow_to_fast.index)
