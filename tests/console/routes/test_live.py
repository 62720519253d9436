import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
import pytest
from starlette.requests import Request

from tallyward.console.feed import Feed, Listener
from tallyward.console.routes import live
from tallyward.console.visitor import Visitor
from tallyward.kernel.actor import PLATFORM
from tests.console.house import CARD_A, PASSWORD, House, incident_of


def opened(house: House, name: str, last_event_id: int | None = None) -> tuple[AsyncIterator[bytes], str]:
    """A stream as the route makes it, and the secret of its session."""
    user, secret = house.accounts.sign_in(name, PASSWORD, "192.0.2.1")
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/events",
        "headers": [(b"cookie", f"tallyward_session={secret}".encode())],
        "app": house.app,
    }
    house.app.state.feed = Feed(house.services, 0.01)
    listener = Listener(name, user.actor.scope, False)
    return live._stream(Request(scope), listener, Visitor(user, secret), last_event_id), secret


async def read(stream: AsyncIterator[bytes]) -> str:
    return (await asyncio.wait_for(anext(stream), 5)).decode()


def run(work: Callable[[], Awaitable[None]]) -> None:
    anyio.run(work)


def test_a_stream_tells_what_happens_while_it_is_open(house: House) -> None:
    async def work() -> None:
        stream, _ = opened(house, "fleet-alpha")
        assert await read(stream) == "retry: 2000\n\n"
        following = asyncio.create_task(read(stream))
        await asyncio.sleep(0.05)
        house.incidents.comment(PLATFORM, incident_of(house, CARD_A), "now")
        assert (await following).startswith(f"id: {house.incidents.last_change()}\nevent: incident\n")

    run(work)


def test_it_goes_on_after_the_last_event_heard(house: House) -> None:
    async def work() -> None:
        last = house.incidents.last_change()
        house.incidents.comment(PLATFORM, incident_of(house, CARD_A), "missed")
        stream, _ = opened(house, "fleet-alpha", last)
        assert await read(stream) == "retry: 2000\n\n"
        assert (await read(stream)).startswith(f"id: {last + 1}\n")

    run(work)


def test_it_beats_and_ends_with_the_session(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_EVERY", 0.05)

    async def work() -> None:
        stream, secret = opened(house, "fleet-alpha")
        await read(stream)
        assert await read(stream) == ": beat\n\n"
        house.accounts.sign_out(house.accounts.user(PLATFORM, "fleet-alpha"), secret)
        with pytest.raises(StopAsyncIteration):
            await read(stream)

    run(work)


def test_it_ends_when_the_server_does(house: House) -> None:
    async def work() -> None:
        stream, _ = opened(house, "fleet-alpha")
        await read(stream)
        following = asyncio.create_task(read(stream))
        await asyncio.sleep(0.05)
        house.app.state.feed.close()
        with pytest.raises(StopAsyncIteration):
            await following

    run(work)


def test_engineers_hear_of_no_incidents(reading_house: House) -> None:
    assert reading_house.signed_in("engineer-alpha").get("/api/v1/events").status_code == 403
    assert reading_house.client().get("/api/v1/events").status_code == 401
    refused = reading_house.signed_in("fleet-alpha").get("/api/v1/events", headers={"Last-Event-ID": "x"})
    assert refused.status_code == 422


def test_metrics_are_for_administrators(reading_house: House) -> None:
    answer = reading_house.signed_in("root").get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "tallyward_live_streams 0.0" in answer.text
    assert reading_house.client().get("/metrics").status_code == 401


def test_health_tells_nothing_but_the_version(reading_house: House) -> None:
    assert set(reading_house.client().get("/api/v1/health").json()) == {"status", "version"}
