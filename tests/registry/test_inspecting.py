from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tallyward.kernel.actor import PLATFORM, Actor, Scope
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.adapters.sql_inspections import SqlInspections
from tallyward.registry.columns import Kind
from tallyward.registry.inspecting import GRACE, LOOK_AGAIN, Inspections
from tallyward.registry.inspection import Verdict
from tallyward.registry.inspection_period import Cadence, Period, last_whole
from tests.registry.world import FILES, ICCIDS, NOW, World, dated

YESTERDAY = last_whole(Cadence.DAILY, NOW.date())
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def used(_scope: Scope, _period: Period) -> Iterator[Sequence[CardId]]:
    yield [CardId(2), CardId(4), CardId(99)]


def joined_yesterday(world: World) -> Inspections:
    """All four sample cards joined yesterday: of A one registered and one not, of B one and one suspended."""
    world.clock.set(AT)
    world.take_all(joined=AT)
    world.clock.set(NOW)
    return Inspections(SqlInspections(world.sessions), used, world.clock, cadences=tuple(Cadence))


def names(world: World) -> dict[int, str]:
    return {one.id: one.code for one in world.registry.enterprises(PLATFORM)}


def test_an_inspection_of_now_counts_what_one_may_see(world: World) -> None:
    inspections = joined_yesterday(world)
    seen = inspections.inspect(PLATFORM, YESTERDAY)
    told = {names(world)[one.enterprise]: (one.joined, one.registered, one.in_use, one.verdict) for one in seen.notices}
    assert told == {"a": (2, 1, 1, Verdict.BELOW), "b": (2, 1, 1, Verdict.BELOW)}
    (mine,) = inspections.inspect(world.of("a"), YESTERDAY).notices
    assert [card.iccid for card in mine.late] == [ICCIDS[1]]
    of_op = inspections.inspect(world.of("op"), YESTERDAY).notices
    assert {names(world)[one.enterprise]: (one.joined, one.verdict) for one in of_op} == {
        "a": (2, Verdict.BELOW),
        "b": (1, Verdict.MET),
    }


def test_cards_outside_the_period_are_left_out(world: World) -> None:
    inspections = joined_yesterday(world)
    day = timedelta(days=1)
    before = Period(YESTERDAY.since - day, YESTERDAY.until - day)
    assert inspections.inspect(PLATFORM, before).notices == ()


def imported_yesterday(world: World, *, also_assumed: bool = False) -> Inspections:
    """The same four cards, an old fleet: their file does not say when they joined."""
    world.clock.set(AT)
    world.take_all()
    world.clock.set(NOW)
    store = SqlInspections(world.sessions)
    return Inspections(store, used, world.clock, cadences=[Cadence.DAILY], also_assumed=also_assumed)


def test_an_old_fleet_that_was_imported_is_not_accused_as_newly_joined(world: World) -> None:
    inspections = imported_yesterday(world)
    notices = inspections.inspect(PLATFORM, YESTERDAY).notices
    told = {names(world)[one.enterprise]: (one.joined, one.assumed, one.in_use, one.late) for one in notices}
    assert told == {"a": (0, 2, 0, ()), "b": (0, 2, 0, ())}
    assert {one.verdict for one in notices} == {Verdict.NOTHING}
    assert [one.assumed for one in inspections.inspect(world.of("op2"), YESTERDAY).notices] == [1]


def test_assumed_dates_are_judged_where_that_is_asked_for(world: World) -> None:
    inspections = imported_yesterday(world)
    notices = inspections.inspect(PLATFORM, YESTERDAY, also_assumed=True).notices
    assert [(one.joined, one.assumed, one.in_use, one.verdict) for one in notices] == [(2, 2, 1, Verdict.BELOW)] * 2
    assert {card.assumed for one in notices for card in one.late} == {True}


@pytest.mark.parametrize(("also_assumed", "joined"), [(False, 0), (True, 2)])
def test_an_inspection_by_schedule_keeps_how_many_were_assumed(world: World, also_assumed: bool, joined: int) -> None:
    inspections = imported_yesterday(world, also_assumed=also_assumed)
    assert inspections.make_due() == 1
    (kept,) = inspections.one(world.of("a"), 1).notices
    assert (kept.joined, kept.assumed) == (joined, 2)
    _, notice = inspections.notice(world.of("a"), 1, kept.enterprise)
    assert [card.assumed for card in notice.late] == [True] * (joined // 2)


def test_a_file_that_tells_the_date_later_ends_the_assumption(world: World) -> None:
    inspections = imported_yesterday(world)
    long_ago = dated(FILES[Kind.CARDS], AT - timedelta(days=400))
    assert world.take(Kind.CARDS, long_ago).changed == 4
    assert inspections.inspect(PLATFORM, YESTERDAY).notices == ()
    assert world.take(Kind.CARDS, dated(FILES[Kind.CARDS], AT)).changed == 4
    assert world.take(Kind.CARDS, FILES[Kind.CARDS]).unchanged == 4  # silent again: what was told stays told
    assert sum(one.joined for one in inspections.inspect(PLATFORM, YESTERDAY).notices) == 4


def test_what_is_due_is_made_once(world: World) -> None:
    inspections = joined_yesterday(world)
    assert inspections.make_due() == 2
    assert inspections.make_due() == 0
    kept = inspections.page(PLATFORM, PageRequest(10)).rows
    assert [(one.inspection.cadence, len(one.notices)) for one in kept] == [("weekly", 2), ("daily", 2)]


def test_a_period_is_left_open_while_its_files_still_come(world: World) -> None:
    inspections = joined_yesterday(world)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    world.clock.set(midnight + GRACE - timedelta(seconds=1))
    assert inspections.make_due() == 0
    world.clock.set(midnight + GRACE + LOOK_AGAIN)
    assert inspections.make_due() == 2


def test_an_empty_period_is_looked_at_again(world: World) -> None:
    inspections = Inspections(SqlInspections(world.sessions), used, world.clock, cadences=[Cadence.DAILY])
    assert inspections.make_due() == 0
    assert inspections.page(PLATFORM, PageRequest(10)).rows == ()
    world.clock.set(AT)
    world.take_all(joined=AT)
    world.clock.set(NOW + timedelta(minutes=1))
    assert inspections.make_due() == 0
    world.clock.set(NOW + LOOK_AGAIN)
    assert inspections.make_due() == 1


def test_a_kept_inspection_stays_what_it_was(world: World) -> None:
    inspections = joined_yesterday(world)
    inspections.make_due()
    world.take(Kind.CARDS, FILES[Kind.CARDS].replace(",none,\n", ",active,\n"))
    world.clock.set(NOW + timedelta(seconds=1))
    assert next(one for one in inspections.inspect(world.of("a"), YESTERDAY).notices).verdict is Verdict.USED
    (kept,) = inspections.one(world.of("a"), 1).notices
    assert (kept.verdict, kept.late) == (Verdict.BELOW, ())
    head, whole = inspections.notice(world.of("a"), 1, kept.enterprise)
    assert (head.cadence, [card.iccid for card in whole.late]) == ("daily", [ICCIDS[1]])
    assert whole.late[0].in_use


def test_nobody_reads_the_notice_of_another(world: World) -> None:
    inspections = joined_yesterday(world)
    inspections.make_due()
    ids = {code: number for number, code in names(world).items()}
    actor: Actor
    for actor, enterprise in ((world.of("a"), "b"), (world.of("op2"), "a"), (world.of("b"), "a")):
        with pytest.raises(NotFoundError, match=r"registry\.no_inspection"):
            inspections.notice(actor, 1, ids[enterprise])  # type: ignore[arg-type] # an id as the table holds it
    with pytest.raises(NotFoundError):
        inspections.one(world.of("op2"), 3)
    with pytest.raises(NotFoundError):
        inspections.one(PLATFORM, 9)
    assert [one.inspection.id for one in inspections.page(world.of("op2"), PageRequest(10)).rows] == [2, 1]
    (part,) = inspections.one(world.of("op2"), 1).notices
    assert (part.enterprise, part.joined) == (ids["b"], 1)
