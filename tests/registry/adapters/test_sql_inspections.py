from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.registry.adapters.sql_inspections import SqlInspections
from tallyward.registry.columns import Kind
from tallyward.registry.inspection import parts_of
from tallyward.registry.inspection_period import Cadence, Period
from tests.registry.world import FILES, ICCIDS, NOW, World, dated

TODAY = Period(NOW.date(), NOW.date())


def joined_at(world: World) -> list[int | None]:
    with world.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('tallyward.enterprise', '*', true)"))
        return list(connection.execute(text("SELECT joined_at FROM card ORDER BY id")).scalars())


def test_a_new_card_joins_when_its_file_says_or_else_now_and_keeps_it(world: World) -> None:
    world.take_all(upto=Kind.TERMINALS)
    head, first, *rest = FILES[Kind.CARDS].splitlines()
    dated = f"{head},joined\n{first},2026-03-01T08:00:00+08:00\n" + "".join(f"{row},\n" for row in rest)
    world.take(Kind.CARDS, dated)
    said, now = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()), int(NOW.timestamp())
    assert joined_at(world) == [said, now, now, now]
    world.clock.set(NOW + timedelta(days=5))
    assert world.take(Kind.CARDS, FILES[Kind.CARDS]).unchanged == 4  # silent about it
    assert joined_at(world) == [said, now, now, now]
    more = FILES[Kind.CARDS] + "8986031840201A123457,460000000000009,,op,a,open,none,,none,,open,,no,no,,,none,\n"
    assert world.take(Kind.CARDS, more).added == 1
    assert joined_at(world)[4] == now + 5 * 86_400
    corrected = dated.replace("2026-03-01", "2026-02-01")
    assert world.take(Kind.CARDS, corrected).changed == 1


def test_an_exported_registry_keeps_the_times_that_were_told(world: World) -> None:
    world.take_all(joined=NOW)
    file = world.folder / "out.csv"
    world.bulk.export_table(PLATFORM, Kind.CARDS, file)
    assert file.read_text().count("2026-11-23T08:00:00Z") == 4


def test_an_assumed_time_is_not_exported_as_if_it_had_been_told(world: World) -> None:
    world.take_all()
    file = world.folder / "out.csv"
    world.bulk.export_table(PLATFORM, Kind.CARDS, file)
    assert "2026-11-23" not in file.read_text()
    assert world.take(Kind.CARDS, file.read_text()).unchanged == 4
    store = SqlInspections(world.sessions)
    assert sum(store.assumed(EVERYTHING, TODAY).values()) == 4
    assert store.joined(EVERYTHING, TODAY) == ()


def test_cards_of_before_are_undated_and_in_no_period(world: World) -> None:
    world.take_all(joined=NOW)
    with world.sessions.begin(EVERYTHING) as session:
        session.execute(text("UPDATE card SET joined_at = NULL WHERE id = 1"))
    store = SqlInspections(world.sessions)
    assert sum(store.undated(EVERYTHING).values()) == 1
    assert sum(group.cards for group in store.joined(EVERYTHING, TODAY)) == 3
    assert store.undated(world.of("b").scope) == {}


def test_only_cards_of_industry_users_are_inspected(world: World) -> None:
    for kind, rows in FILES.items():
        told = dated(rows, NOW) if kind is Kind.CARDS else rows
        world.take(kind, told.replace("b,Beta,industry_user", "b,Beta,reseller"))
    store = SqlInspections(world.sessions)
    holders = {whose[0] for whose in (group.whose for group in store.joined(EVERYTHING, TODAY))}
    assert holders == {world.of("a").scope.enterprise}
    assert set(store.late(EVERYTHING, TODAY)) == {
        whose for whose, _ in store.among_joined(EVERYTHING, TODAY, [CardId(2)])
    }
    assert list(store.among_joined(EVERYTHING, TODAY, [CardId(3), CardId(4)])) == []


def test_late_cards_are_those_without_registration(world: World) -> None:
    world.take_all(joined=NOW)
    found = SqlInspections(world.sessions).late(EVERYTHING, TODAY)
    assert sorted(card.iccid for cards in found.values() for card in cards) == sorted([ICCIDS[1], ICCIDS[3]])


def test_kept_ones_come_newest_first_page_by_page(world: World) -> None:
    world.take_all(joined=NOW)
    store = SqlInspections(world.sessions)
    parts = parts_of(store.joined(EVERYTHING, TODAY), store.late(EVERYTHING, TODAY), {}, {}, {})
    for cadence in Cadence:
        assert store.keep(cadence, TODAY, NOW, 0.9, parts)
    assert not store.keep(Cadence.DAILY, TODAY, NOW, 0.5, ())
    first = store.page(EVERYTHING, PageRequest(2))
    assert [head.id for head, _ in first.rows] == [3, 2]
    assert first.next_cursor is not None
    last = store.page(EVERYTHING, PageRequest(2, decode_cursor(first.next_cursor, int)))
    assert [(head.id, len(some)) for head, some in last.rows] == [(1, len(parts))]
    assert last.next_cursor is None
