from datetime import UTC, datetime

import pytest

from tallyward.console.people import BOUND_ROLES, User, check_password, check_role
from tallyward.console.roles import Role
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import EnterpriseId, UserId

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def user(role: Role, enterprise: int | None) -> User:
    bound = None if enterprise is None else EnterpriseId(enterprise)
    return User(UserId(1), "wu", "Wu", role, bound, "en", False, False, NOW, None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REGULATOR])
def test_people_see_their_enterprises_rows(role: Role) -> None:
    assert user(role, 3).actor.scope == Scope(EnterpriseId(3))


def test_a_regulator_sees_the_rows_of_all() -> None:
    assert user(Role.REGULATOR, 3).actor.scope == EVERYTHING


@pytest.mark.parametrize("role", Role)
def test_roles_that_see_one_enterprise_need_one(role: Role) -> None:
    check_role(role, EnterpriseId(3))
    if role in BOUND_ROLES:
        with pytest.raises(InvalidError) as refusal:
            check_role(role, None)
        assert refusal.value.code == "console.enterprise_needed"
    else:
        check_role(role, None)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "console.password_short"),
        ("x" * 257, "console.password_long"),
        ("aaaaaaaaaaaa", "console.password_weak"),
        ("abcabcabcabc", "console.password_weak"),
        ("zhang.weizhang.wei", "console.password_weak"),
        ("ZHANG.WEIzhang", "console.password_weak"),
    ],
)
def test_passwords_that_are_refused(password: str, code: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        check_password("zhang.wei", password)
    assert refusal.value.code == code
    assert password not in str(refusal.value)


@pytest.mark.parametrize("password", ["four words and 7", "山高月小水落石出一二三四", "x9-" * 4 + "q"])
def test_passwords_that_are_taken(password: str) -> None:
    check_password("zhang.wei", password)
