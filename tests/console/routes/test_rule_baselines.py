from dataclasses import replace
from typing import Any

import pytest

from tallyward.console.routes.rule_baselines import get_baselines
from tallyward.console.services import ConsoleServices
from tallyward.console.visitor import Visitor
from tallyward.kernel.actor import PLATFORM, Actor
from tallyward.kernel.errors import CorruptError, ForbiddenError
from tallyward.registry.model import Enterprise, EnterpriseKind
from tests.console.fakes import FakeBaselines
from tests.console.house import OPERATOR_A, House
from tests.detect.rule_making import fault, rule_text
from tests.detect.test_usual import counts, of

KEPT = ("v1", of({1: counts([*range(1, 2001)], hour=5), 77: counts([3])}))


def test_baselines_by_class_with_those_that_have_too_few_card_days(house: House) -> None:
    services = replace(house.services, baselines=FakeBaselines(KEPT))
    house.app.state.services = services
    answer = house.signed_in("root").get("/api/v1/rules/baselines").json()
    assert (answer["version"], answer["days"], answer["card_days"], answer["enough"]) == (
        "v1",
        ["2026-03-01"],
        2001,
        1000,
    )
    first, second = answer["rows"]
    assert (first["card_class"]["code"], first["known"], first["card_days"]) == ("meter", True, 2000)
    assert first["values"]["bytes_p50"] == KEPT[1].classes[0].values["bytes_p50"]
    assert first["hours"] == [0] * 5 + [1] + [0] * 18
    assert (second["known"], second["values"], second["card_days"]) == (False, {}, 1)


def test_rules_that_take_a_limit_from_them_are_named(house: House) -> None:
    how = {"baseline": "peers_p999", "times": 2, "at_least": 8, "else": 64}
    records = [{"peer": number} for number in (1, 2, 3)]
    tests = [
        {"name": "three for two", "profile": {"max_peers": 2}, "records": records, "hit": True},
        {"name": "few", "records": records, "hit": False},
    ]
    peers = fault(card="count_distinct(peer) > max_peers")
    text = rule_text(peers, rule="P2", limits={"max_peers": how}, tests=tests)
    house.app.state.services = replace(house.services, baselines=FakeBaselines(KEPT))
    client = house.signed_in("root")
    assert client.get("/api/v1/rules/baselines").json()["uses"] == []
    assert client.post("/api/v1/rules/promote", json={"text": text, "note": ""}).status_code == 201
    (use,) = client.get("/api/v1/rules/baselines").json()["uses"]
    assert (use["rule"], use["limit"], use["baseline"]) == ("P2", "max_peers", "peers_p999")
    assert [(one["card_class"]["code"], one["value"], one["origin"]) for one in use["limits"]] == [
        ("meter", 5, "class")
    ]
    (limit,) = client.get("/api/v1/rules/P2").json()["rule"]["limits"]
    assert limit == {"name": "max_peers", "value": "64", "usual": "peers_p999 × 2, ≥ 8, else 64"}


def test_damage_is_told_beside_the_last_good_ones_in_metrics_and_health(house: House) -> None:
    refusal = CorruptError("detect.baselines_damaged", file="00000002-aa.json", problem="its digest is another one")
    house.app.state.services = replace(house.services, baselines=FakeBaselines(KEPT, refusal))
    client = house.signed_in("root")
    answer = client.get("/api/v1/rules/baselines").json()
    assert (answer["version"], len(answer["rows"])) == ("v1", 2)
    assert "00000002-aa.json" in answer["damaged"]["en"]
    assert "tallyward rules baselines compute" in answer["damaged"]["zh-CN"]
    assert "tallyward_baselines_damaged 1.0" in client.get("/metrics").text
    assert house.client().get("/api/v1/health").json()["status"] == "impaired"
    house.app.state.services = replace(house.services, baselines=FakeBaselines(KEPT))
    assert client.get("/api/v1/rules/baselines").json()["damaged"] is None
    assert "tallyward_baselines_damaged 0.0" in client.get("/metrics").text


def test_before_the_first_computation_there_are_none(reading_house: House) -> None:
    answer = reading_house.signed_in("centre").get("/api/v1/rules/baselines").json()
    assert (answer["version"], answer["computed_at"], answer["rows"]) == (None, None, [])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("analyst-alpha", "console.baselines_of_all"),
        ("fleet-alpha", "console.not_allowed"),
        ("engineer-alpha", "console.not_allowed"),
    ],
)
def test_whoever_sees_a_part_of_the_cards_is_refused(reading_house: House, name: str, code: str) -> None:
    answer = reading_house.signed_in(name).get("/api/v1/rules/baselines")
    assert (answer.status_code, answer.json()["code"]) == (403, code)


class OneOperator:
    """A registry with one operator."""

    def __init__(self, services: ConsoleServices) -> None:
        self._registry = services.registry

    def __getattr__(self, name: str) -> object:
        return getattr(self._registry, name)

    def enterprises(self, actor: Actor) -> tuple[Enterprise, ...]:
        known = self._registry.enterprises(actor)
        return tuple(one for one in known if one.kind is not EnterpriseKind.OPERATOR or one.id == OPERATOR_A)


def test_the_only_operator_sees_them(reading_house: House) -> None:
    accounts, services = reading_house.accounts, reading_house.services
    users = {one.name: one for one in accounts.users(PLATFORM)}
    registry: Any = OneOperator(services)
    alone = replace(services, registry=registry, baselines=FakeBaselines(KEPT))
    assert get_baselines(Visitor(users["analyst-alpha"], None), alone).version == "v1"
    with pytest.raises(ForbiddenError):
        get_baselines(Visitor(users["fleet-alpha"], None), alone)
