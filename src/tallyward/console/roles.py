"""Who may do what: one table, and one question to it. To which rows is the tenant scope's business."""

from enum import StrEnum
from typing import Final, Literal, TypeAlias, get_args

Resource: TypeAlias = Literal[
    "situation",
    "card",
    "record",
    "terminal",
    "incident",
    "source",
    "quarantine",
    "rule",
    "rule_text",
    "whitelist",
    "enterprise",
    "area",
    "user",
    "token",
    "audit",
    "metrics",
    "inspection",
    "custody",
    "credit",
]
Action: TypeAlias = Literal["read", "act", "assign", "comment", "manage"]
RESOURCES: Final[tuple[Resource, ...]] = get_args(Resource)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


class Role(StrEnum):
    """What a person is here for."""

    ADMIN = "admin"  # 管理员
    ANALYST = "analyst"  # an operator's card-security analyst
    FLEET_OWNER = "fleet_owner"  # an enterprise that uses cards and terminals
    ENGINEER = "engineer"  # of a test laboratory
    REGULATOR = "regulator"  # 管控中心


_GROUND: Final[frozenset[tuple[Action, Resource]]] = frozenset(
    {
        ("read", "situation"),
        ("read", "terminal"),
        ("read", "rule"),
        ("read", "enterprise"),
        ("read", "area"),
        ("manage", "token"),
    }
)
_CARDS: Final[frozenset[tuple[Action, Resource]]] = frozenset(
    {("read", "card"), ("read", "incident"), ("read", "inspection"), ("read", "whitelist")}
)
_SOURCES: Final[frozenset[tuple[Action, Resource]]] = frozenset({("read", "source"), ("read", "quarantine")})
_CREDIT: Final[frozenset[tuple[Action, Resource]]] = frozenset({("read", "credit")})
"""Whose credit one may ask for, the ledger says: `custody.look_ups`."""
_CUSTODY: Final[frozenset[tuple[Action, Resource]]] = _CREDIT | {("read", "custody")}

_RULES: Final[frozenset[tuple[Action, Resource]]] = frozenset(
    {("read", "rule_text"), ("manage", "rule"), ("manage", "whitelist")}
)

# Raw records are personal data: analysts and administrators read them, and each reading is audited.
TABLE: Final[dict[Role, frozenset[tuple[Action, Resource]]]] = {
    Role.ENGINEER: _GROUND,
    Role.FLEET_OWNER: _GROUND | _CARDS | _CREDIT | {("comment", "incident"), ("read", "user")},
    Role.REGULATOR: _GROUND | _CARDS | _SOURCES | _CUSTODY | {("read", "audit"), ("read", "rule_text")},
    Role.ANALYST: _GROUND
    | _CARDS
    | _SOURCES
    | _RULES
    | _CUSTODY
    | {
        ("read", "record"),
        ("act", "card"),
        ("act", "terminal"),
        ("act", "incident"),
        ("assign", "incident"),
        ("comment", "incident"),
        ("read", "user"),
    },
    Role.ADMIN: _GROUND
    | _CARDS
    | _SOURCES
    | _RULES
    | _CUSTODY
    | {
        ("read", "record"),
        ("act", "incident"),
        ("assign", "incident"),
        ("comment", "incident"),
        ("read", "user"),
        ("act", "card"),
        ("act", "terminal"),
        ("manage", "user"),
        ("read", "audit"),
        ("read", "metrics"),
    },
}


def may(role: Role, action: Action, resource: Resource) -> bool:
    """Whether `role` may do `action` to `resource` at all."""
    return (action, resource) in TABLE[role]


def permissions(role: Role) -> list[str]:
    """What `role` may do, as `resource:action`, sorted."""
    return sorted(f"{resource}:{action}" for action, resource in TABLE[role])
