from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import anyio
import pytest
from structlog.testing import capture_logs

from tallyward.console.app import create_app
from tallyward.console.guard import MAX_BODY
from tests.console.browser import TestClient
from tests.console.house import House


def test_every_answer_carries_the_security_headers(reading_house: House) -> None:
    client = reading_house.client()
    for path in ("/api/v1/health", "/api/v1/session", "/nothing", "/"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self';" in policy or "default-src 'none'" in policy
        assert "Strict-Transport-Security" not in headers
    assert client.get("/api/v1/health").headers["Cache-Control"] == "no-store"


def test_a_body_that_says_it_is_long_is_refused_before_it_is_read(reading_house: House) -> None:
    told = reading_house.client().post("/api/v1/session", content=b"x" * (MAX_BODY + 1))
    assert (told.status_code, told.json()["code"]) == (413, "console.body_large")
    assert told.json()["parameters"] == {"most": MAX_BODY}


def test_a_body_that_does_not_say_is_refused_where_it_gets_long(reading_house: House) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024
            yield b"x" * 1024

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": next(chunks), "more_body": True}

    chunks = endless()
    told: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    scope: MutableMapping[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/session",
        "raw_path": b"/api/v1/session",
        "query_string": b"",
        "headers": [(b"transfer-encoding", b"chunked")],
        "client": ("192.0.2.1", 1),
    }
    anyio.run(reading_house.app, scope, receive, send)
    assert told[0]["status"] == 413
    assert sent <= MAX_BODY + 2048


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", ""])
def test_a_length_that_is_none_is_refused(reading_house: House, length: str) -> None:
    told = reading_house.client().post("/api/v1/session", content=b"{}", headers={"Content-Length": length})
    assert told.status_code == 413


def test_what_nobody_expected_is_logged_once_and_told_by_its_reference_alone(reading_house: House) -> None:
    with (
        patch.object(reading_house.incidents, "counts", side_effect=ZeroDivisionError("inner secret")),
        capture_logs() as logs,
    ):
        told = reading_house.signed_in("analyst-alpha").get("/api/v1/situation")
    assert (told.status_code, told.json()["code"]) == (500, "console.unexpected")
    assert "inner secret" not in told.text
    assert "ZeroDivision" not in told.text
    assert [(log["event"], log["reference"]) for log in logs] == [
        ("request failed", told.json()["parameters"]["reference"])
    ]
    assert told.headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_cookie_and_headers_say_so(house: House, tmp_path: Path) -> None:
    app = create_app(replace(house.services, https=True), tmp_path)
    client = TestClient(app, base_url="https://console.test")
    told = client.post("/api/v1/session", json={"name": "root", "password": "four words and 7"})
    assert "Secure" in told.headers["set-cookie"]
    assert told.headers["Strict-Transport-Security"].startswith("max-age=")


def test_logs_never_hold_passwords_or_tokens(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logs:
        client = house.client()
        client.post("/api/v1/session", json={"name": "root", "password": "a very wrong one"})
        client.get("/api/v1/cards", headers={"Authorization": "Bearer tw_stolen"})
    told = "".join(capfd.readouterr()) + str(logs)
    assert "very wrong" not in told
    assert "tw_stolen" not in told
