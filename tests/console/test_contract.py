"""The server answers as its OpenAPI document says, whatever is sent. Bounded: some calls of each operation."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tallyward.console.openapi import openapi_document
from tallyward.detect.cards.book import RuleBook
from tallyward.kernel.actor import PLATFORM
from tests.console.house import House, opened

DOCUMENT = openapi_document()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT).exclude(path="/api/v1/events")
CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory, rules: RuleBook) -> Iterator[tuple[House, str]]:
    """A house of its own, and an administrator's token."""
    with opened(tmp_path_factory.mktemp("contract"), rules) as house:
        _, secret = house.accounts.add_token(house.accounts.user(PLATFORM, "root"), "walk", 300)
        yield house, secret


@SCHEMA.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_documented(visited: tuple[House, str], case: schemathesis.Case[Any]) -> None:
    house, secret = visited
    answer = case.call(app=house.app, headers={"Authorization": f"Bearer {secret}"})
    case.validate_response(answer, checks=[*CHECKS, response_schema_conformance])


def test_the_walk_goes_everywhere_but_the_stream() -> None:
    assert len(list(SCHEMA.get_all_operations())) == sum(map(len, DOCUMENT["paths"].values())) - 1
