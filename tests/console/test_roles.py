"""The roles table, written out in full a second time: whoever changes it changes this too, knowingly."""

from itertools import product

import pytest

from tallyward.console.api import operations
from tallyward.console.roles import ACTIONS, RESOURCES, Role, may, permissions

GROUND = {"situation:read", "terminal:read", "rule:read", "enterprise:read", "area:read", "token:manage"}
EXPECTED = {
    "engineer": GROUND,
    "fleet_owner": GROUND
    | {
        "card:read",
        "incident:read",
        "inspection:read",
        "incident:comment",
        "user:read",
        "whitelist:read",
        "credit:read",
    },
    "regulator": GROUND
    | {"card:read", "incident:read", "inspection:read", "source:read", "quarantine:read", "audit:read"}
    | {"whitelist:read", "rule_text:read", "custody:read", "credit:read"},
    "analyst": GROUND
    | {"card:read", "incident:read", "inspection:read", "source:read", "quarantine:read", "record:read", "user:read"}
    | {"incident:act", "incident:assign", "incident:comment", "card:act", "terminal:act"}
    | {"whitelist:read", "whitelist:manage", "rule_text:read", "rule:manage"}
    | {"custody:read", "credit:read"},
    "admin": GROUND
    | {"card:read", "incident:read", "inspection:read", "source:read", "quarantine:read", "record:read", "user:read"}
    | {"incident:act", "incident:assign", "incident:comment", "user:manage", "audit:read", "metrics:read"}
    | {"card:act", "terminal:act"}
    | {"whitelist:read", "whitelist:manage", "rule_text:read", "rule:manage"}
    | {"custody:read", "credit:read"},
}


@pytest.mark.parametrize(("role", "action", "resource"), list(product(Role, ACTIONS, RESOURCES)))
def test_each_cell_of_the_table(role: Role, action: str, resource: str) -> None:
    assert may(role, action, resource) is (f"{resource}:{action}" in EXPECTED[role])  # type: ignore[arg-type] # product widens the literals


@pytest.mark.parametrize("role", Role)
def test_permissions_are_the_row_of_the_table(role: Role) -> None:
    assert permissions(role) == sorted(EXPECTED[role])


def test_every_permission_opens_some_address_and_every_address_needs_a_known_one() -> None:
    needed = {f"{needs.resource}:{needs.action}" for _, _, needs, _ in operations() if needs}
    assert needed == set().union(*EXPECTED.values())
