"""Tenant A reads nothing of B, and changes nothing of B, through any address of the API."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.console.openapi import openapi_document
from tallyward.detect.cards.book import RuleBook
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tests.console import ledger
from tests.console.fakes import DAY
from tests.console.house import (
    CARD_A,
    CARD_B,
    FLEET_A,
    FLEET_B,
    OPERATOR_A,
    PEOPLE,
    SECRETS_OF_B,
    TERMINAL_A,
    TERMINAL_B,
    House,
    incident_of,
    opened,
)
from tests.detect.keeping import peers

DOCUMENT = openapi_document()
OPERATIONS = [
    (path, method, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
OF_A = [name for name in PEOPLE if "alpha" in name]
BODIES: dict[str, Any] = {
    "signIn": {"name": "analyst-bravo", "password": "a wrong password"},
    "changePassword": {"old": "a wrong password", "new": "another wrong one"},
    "chooseLanguage": {"language": "en"},
    "actOnIncident": {"event": "resolve", "reason": "mine now"},
    "assignIncident": {"name": "analyst-alpha"},
    "commentIncident": {"text": "read by alpha"},
    "addUser": {"name": "spy", "display_name": "Spy", "role": "analyst", "enterprise": "bravo-fleet"},
    "changeUser": {"role": "engineer"},
    "addToken": {"name": "spare", "days": 1},
    "setCardCadence": {"cadence": "daily"},
    "setTerminalCadence": {"cadence": "daily"},
    "checkRule": {"text": "id: P1"},
    "diffRules": {"before": {"rule": "R1"}, "after": {"rule": "R2"}},
    "promoteRule": {"text": peers(5).decode()},
    "rollBackRule": {"to": 0},
    "retireRule": {},
    "startDryRun": {"text": peers(5).decode(), "since": DAY.isoformat()},
    "lookUpCredits": {"organisations": ["bravo-fleet"]},
    "addToWhitelist": {
        "reach": "card",
        "target": "8986002" + "0000000000M02",
        "reason": "mine",
        "until": "2026-03-09T00:00:00Z",
    },
}


def address(house: House, path: str, *, of_b: bool) -> str:
    """The path with ids of a tenant's rows in it."""
    if "{" not in path:
        return path
    tokens = {token.user: token.id for token in house.accounts.tokens(house.accounts.user(PLATFORM, "root"))}
    values = {
        "card_id": CARD_B if of_b else CARD_A,
        "terminal_id": TERMINAL_B if of_b else TERMINAL_A,
        "incident_id": incident_of(house, CARD_B if of_b else CARD_A),
        "inspection_id": 2 if of_b else 1,
        "enterprise_id": FLEET_B if of_b else FLEET_A,
        "name": "analyst-bravo" if of_b else "analyst-alpha",
        "rule": "R6",
        "number": 0,
        "entry_id": 2 if of_b else 1,
        "dry_run_id": 1,
        "lot": "LOT-BRAVO" if of_b else "LOT-ALPHA",
        "iccid": ledger.iccid(2, CARD_B) if of_b else ledger.iccid(1, CARD_A),
        "entry": 1,
        "organisation": "bravo-fleet" if of_b else "alpha-fleet",
        "token_id": tokens["analyst-bravo" if of_b else "analyst-alpha"],
    }
    return re.sub(r"{(\w+)}", lambda found: str(values[found[1]]), path)


def queries(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Nothing but what is required; then each parameter set to something of B."""
    of_b = {
        "q": "8986002",
        "enterprise": "bravo-fleet",
        "operator": "beta-op",
        "card": CARD_B,
        "source": 2,
        "assignee": "analyst-bravo",
        "subject": f"card {CARD_B}",
        "day": DAY.isoformat(),
        "limit": 500,
        "with_incidents": True,
    }
    parameters = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    needed = {one["name"]: of_b[one["name"]] for one in parameters if one["required"]}
    return [needed, *({**needed, one["name"]: of_b[one["name"]]} for one in parameters if one["name"] in of_b)]


OPERATORS_ASK = {"getCredit", "listCreditSubjects"}
"""An operator may ask for the credit of whoever is on the ledger (`custody.look_ups`); each time it is noted."""
READING = [(path, operation) for path, method, operation in OPERATIONS if method == "get" and "events" not in path]


@pytest.mark.parametrize("name", OF_A)
@pytest.mark.parametrize(("path", "operation"), READING, ids=[one["operationId"] for _, one in READING])
def test_nothing_of_b_is_read(reading_house: House, name: str, path: str, operation: dict[str, Any]) -> None:
    client = reading_house.signed_in(name)
    if operation["operationId"] in OPERATORS_ASK and PEOPLE[name][1] == OPERATOR_A:
        return
    for query in queries(operation):
        for of_b in {True, "{" in path}:
            asked = address(reading_house, path, of_b=of_b)
            answer = client.get(asked, params=query)
            assert answer.status_code in {200, 403, 404}, answer.text
            echoed = json.dumps([asked, *query.values()]).casefold()
            for secret in SECRETS_OF_B:
                if secret not in echoed or answer.status_code == 200:
                    assert secret not in answer.text.casefold(), f"{path} {query}"
            if of_b and "{" in path and "{rule}" not in path:  # rules are everybody's
                assert answer.status_code in {403, 404}


@pytest.mark.postgres
def test_nothing_of_b_is_read_on_postgresql_either(
    new_postgres_database: Callable[[str], str], tmp_path: Path, rules: RuleBook
) -> None:
    with opened(tmp_path, rules, database=new_postgres_database("template1")) as house:
        for name in ("analyst-alpha", "fleet-alpha"):
            for path, operation in READING:
                test_nothing_of_b_is_read(house, name, path, operation)
        test_nothing_of_b_is_changed(house, "admin-alpha")
        assert "bravo" in house.signed_in("analyst-bravo").get("/api/v1/cards").text


def test_the_walk_is_not_blind(reading_house: House) -> None:
    """The same walk by B's own people finds the secrets: so A's walk would have."""
    seen = ""
    for path, operation in READING:
        for name in ("admin-bravo", "analyst-bravo"):
            for query in queries(operation):
                seen += reading_house.signed_in(name).get(address(reading_house, path, of_b=True), params=query).text
    for secret in SECRETS_OF_B:
        assert secret in seen.casefold()


WRITING = [one for one in OPERATIONS if one[1] != "get"]


@pytest.mark.parametrize("name", OF_A)
def test_nothing_of_b_is_changed(house: House, name: str) -> None:
    before = state_of_b(house)
    for path, method, operation in WRITING:
        operation_id = operation["operationId"]
        if operation_id == "signOut":
            continue
        body = BODIES.get(operation_id)
        answer = house.signed_in(name).request(method, address(house, path, of_b=True), json=body)
        assert answer.status_code < 500
        if "{" in path:
            assert answer.status_code in {403, 404}, f"{operation_id}: {answer.text}"
    assert state_of_b(house) == before


def state_of_b(house: House) -> list[object]:
    analyst = house.accounts.user(PLATFORM, "analyst-bravo")
    return [
        house.incidents.get(PLATFORM, incident_of(house, CARD_B)),
        [user for user in house.accounts.users(analyst.actor) if user.enterprise == analyst.enterprise],
        house.accounts.tokens(house.accounts.user(PLATFORM, "admin-bravo"))[:1],
        house.services.registry.card(PLATFORM, CardId(CARD_B)),
        [
            entry
            for entry in house.audit.page(analyst.actor.scope, PageRequest(500)).rows
            if entry.actor in PEOPLE and "bravo" not in entry.actor and "refused" not in entry.action
        ],
    ]


def test_every_address_but_three_asks_who_is_there(reading_house: House) -> None:
    client = reading_house.client()
    open_to_all = set()
    for path, method, operation in OPERATIONS:
        answer = client.request(
            method, address(reading_house, path, of_b=True), json=BODIES.get(operation["operationId"])
        )
        if answer.status_code != 401:
            open_to_all.add(operation["operationId"])
        else:
            assert answer.json()["code"] in {"console.not_signed_in", "console.wrong_sign_in"}
    assert open_to_all == {"getHealth"}
