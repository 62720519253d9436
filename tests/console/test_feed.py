import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar
from unittest.mock import patch

import anyio
import pytest
from structlog.testing import capture_logs

from tallyward.console.feed import MOST_OF_ONE, QUEUE, Feed, Listener, Told, may_hear
from tallyward.console.ports import Traversal
from tallyward.incidents.life_cycle import Event
from tallyward.kernel.actor import EVERYTHING, PLATFORM, Scope
from tallyward.kernel.errors import TooOftenError
from tests.console.fakes import DAY, NOON
from tests.console.house import CARD_A, CARD_B, FLEET_A, FLEET_B, OPERATOR_A, House, incident_of
from tests.incidents.making import make_finding

Result = TypeVar("Result")
QUICK = 0.01


def run(work: Callable[[], Awaitable[Result]]) -> Result:
    return anyio.run(work)


async def hear(listener: Listener) -> Told:
    told = await asyncio.wait_for(listener.queue.get(), 5)
    assert told is not None
    return told


def test_an_event_goes_over_the_line_as_the_format_wants_it() -> None:
    line = Told("incident", {"state": "误报", "note": "a\nb"}, 7).line().decode()
    assert line == 'id: 7\nevent: incident\ndata: {"state": "误报", "note": "a\\nb"}\n\n'
    assert Told("records", {}).line() == b"event: records\ndata: {}\n\n"


def test_each_hears_of_the_own_rows_only(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        alpha, bravo = Listener("a", Scope(FLEET_A), False), Listener("b", Scope(FLEET_B), False)
        async with feed.listening(alpha), feed.listening(bravo):
            house.incidents.act(PLATFORM, incident_of(house, CARD_B), Event.CONTAIN)
            house.incidents.act(PLATFORM, incident_of(house, CARD_A), Event.ACKNOWLEDGE)
            heard_alpha, heard_bravo = await hear(alpha), await hear(bravo)
        assert heard_alpha.data == {
            "id": incident_of(house, CARD_A),
            "rule": "R2",
            "state": "acknowledged",
            "card": CARD_A,
            "severity": "high",
            "opened": False,
        }
        assert heard_bravo.data["card"] == CARD_B
        assert alpha.queue.empty()
        assert bravo.queue.empty()

    run(work)


def test_incidents_of_another_process_are_heard_as_well_since_the_log_is_looked_at(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        listener = Listener("root", EVERYTHING, False)
        async with feed.listening(listener):
            await asyncio.to_thread(house.incidents.absorb, [make_finding(5)])
            assert (await hear(listener)).data["opened"] is True

    run(work)


def test_who_comes_back_hears_what_was_missed_once(house: House) -> None:
    async def work() -> list[Told]:
        feed = Feed(house.services, QUICK)
        fleet = house.accounts.user(PLATFORM, "fleet-alpha").actor
        before = house.incidents.last_change()
        for card in (CARD_A, CARD_B, CARD_A):
            house.incidents.comment(PLATFORM, incident_of(house, card), "more")
        async with feed.listening(Listener("fleet", fleet.scope, False)) as now:
            return [told async for told in feed.missed(fleet, before, now)]

    heard = run(work)
    assert [told.data["card"] for told in heard] == [CARD_A, CARD_A]
    ids = [told.id for told in heard]
    assert None not in ids
    assert ids[1] == (ids[0] or 0) + 2


def test_facts_are_told_at_first_and_when_they_change(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        one, tenant = Listener("root", EVERYTHING, True), Listener("fleet", Scope(FLEET_A), False)
        async with feed.listening(one), feed.listening(tenant):
            assert (await hear(one)).data == {"total": 140}
            house.records.put_aside[DAY] = 3
            house.scans.newest = Traversal(DAY, NOON, 6, 6, 2, 24, 24, 0)
            scan = await hear(one)
            assert scan.event == "scan"
            coverage = scan.data["coverage"]
            assert isinstance(coverage, dict)
            assert coverage["complete"] is True
            assert (coverage["records_in"], coverage["records_refused"]) == (27, 3)
            assert json.loads(scan.line().decode().split("data: ")[1])
            house.records.known_sources[0] = replace(house.records.known_sources[0], records=200)
            assert (await hear(one)).data == {"total": 240}
            late = Listener("late", EVERYTHING, True)
            async with feed.listening(late):
                assert {(await hear(late)).event, (await hear(late)).event} == {"records", "scan"}
            assert tenant.queue.empty()

    run(work)


def test_nobody_looks_when_nobody_listens(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        async with feed.listening(Listener("root", EVERYTHING, False)):
            assert feed._task is not None
        with patch.object(house.incidents, "changes_after") as look:
            await asyncio.sleep(QUICK * 5)
        look.assert_not_called()

    run(work)


def test_who_can_not_keep_up_is_let_go(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        slow = Listener("slow", Scope(FLEET_A), False)
        async with feed.listening(slow):
            for _ in range(QUEUE + 1):
                feed._offer(slow, Told("incident", {}, 1))
            assert slow.queue.get_nowait() is None
            assert slow not in feed._listeners

    run(work)


def test_one_person_has_so_many_streams_and_no_more(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        feed._listeners = {Listener("wu", EVERYTHING, False) for _ in range(MOST_OF_ONE)}
        with pytest.raises(TooOftenError):
            feed.check_room("wu")
        feed.check_room("li")

    run(work)


def test_a_look_that_fails_is_logged_and_the_next_goes_on(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        listener = Listener("root", EVERYTHING, False)
        with capture_logs() as logs:
            with patch.object(house.incidents, "changes_after", side_effect=OSError("disk")):
                async with feed.listening(listener):
                    await asyncio.sleep(QUICK * 5)
            async with feed.listening(listener):
                house.incidents.comment(PLATFORM, incident_of(house, CARD_A), "again")
                assert (await hear(listener)).event == "incident"
        assert logs
        assert logs[0]["event"] == "live feed failed"

    run(work)


def test_closing_ends_all_from_another_thread(house: House) -> None:
    async def work() -> None:
        feed = Feed(house.services, QUICK)
        listener = Listener("root", EVERYTHING, False)
        async with feed.listening(listener):
            await asyncio.to_thread(feed.close)
            assert await asyncio.wait_for(listener.queue.get(), 5) is None
        feed.close()

    run(work)


def test_holder_and_operator_hear_and_nobody_else(house: House) -> None:
    change = next(one for one in house.incidents.changes_after(PLATFORM, 0) if one.card == CARD_A)
    assert may_hear(EVERYTHING, change)
    assert may_hear(Scope(FLEET_A), change)
    assert may_hear(Scope(OPERATOR_A), change)
    assert not may_hear(Scope(FLEET_B), change)
