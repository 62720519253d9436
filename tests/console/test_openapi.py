import json
from pathlib import Path

from tallyward.console.openapi import openapi_document
from tallyward.console.roles import Role, permissions

DOCUMENT = openapi_document()
KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_document_that_is_kept_tells_the_truth() -> None:
    assert json.loads(KEPT.read_text(encoding="utf-8")) == DOCUMENT, "run `make docs`"


def test_each_operation_has_a_name_of_its_own_a_sentence_and_problems_for_answers() -> None:
    names = []
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            names.append(operation["operationId"])
            assert operation["description"].endswith(".")
            assert "application/problem+json" in operation["responses"]["4XX"]["content"]
    assert len(names) == len(set(names)) > 30


def test_permissions_are_told_as_pages_know_them() -> None:
    known = {permission for role in Role for permission in permissions(role)}
    told = [one.get("x-permission") for paths in DOCUMENT["paths"].values() for one in paths.values()]
    assert {permission for permission in told if permission} == known
