from datetime import timedelta
from pathlib import Path

import pytest

from tallyward.console.accounts import MAX_TOKENS, WRONG_FOR_A_NAME, WRONG_FROM_AN_ADDRESS, Accounts
from tallyward.console.adapters.sql_accounts import SqlAccounts
from tallyward.console.people import NewUser, UserChange
from tallyward.console.roles import Role
from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TallywardError,
    TooOftenError,
    UnauthenticatedError,
)
from tallyward.kernel.paging import PageRequest
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.wiring import migrate
from tests.console.fakes import NOON
from tests.console.house import CHEAP, FLEET_A, FLEET_B, OPERATOR_A, OPERATOR_B, PASSWORD, PEOPLE, House

HERE = "192.0.2.1"
NEW = "seven other words"


def actions(house: House, subject: str) -> list[str]:
    return [entry.action for entry in reversed(house.audit.page(EVERYTHING, PageRequest(500), subject=subject).rows)]


def test_the_first_administrator_is_made_once_and_must_change_the_password(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    migrate.upgrade(engine)
    accounts = Accounts(SqlAccounts(scoped_sessions(engine), write_audit), FixedClock(NOON), CHEAP)
    password = accounts.ensure_first_admin()
    assert password is not None
    assert accounts.ensure_first_admin() is None
    admin, _ = accounts.sign_in("admin", password, HERE)
    assert (admin.role, admin.enterprise, admin.must_change_password) == (Role.ADMIN, None, True)
    engine.dispose()


def test_signing_in_opens_a_session_and_signing_out_ends_it(house: House) -> None:
    user, secret = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    assert house.accounts.user_of_session(secret).name == "analyst-alpha"
    assert user.enterprise == OPERATOR_A
    house.accounts.sign_out(user, secret)
    with pytest.raises(UnauthenticatedError) as refusal:
        house.accounts.user_of_session(secret)
    assert refusal.value.code == "console.session_over"
    assert actions(house, "user analyst-alpha")[-2:] == ["session.open", "session.close"]


def test_a_session_ends_after_twelve_hours(house: House) -> None:
    _, secret = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    house.clock.set(house.clock.now() + timedelta(hours=12, seconds=-1))
    house.accounts.user_of_session(secret)
    house.clock.set(house.clock.now() + timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_session(secret)


def test_name_and_password_are_refused_alike_whatever_is_wrong(house: House) -> None:
    root = house.accounts.user(PLATFORM, "root")
    house.accounts.change_user(root.actor, "fleet-alpha", UserChange(disabled=True))
    told = set()
    for name, password in (("analyst-alpha", NEW), ("nobody", PASSWORD), ("fleet-alpha", PASSWORD), ("root' --", "x")):
        with pytest.raises(UnauthenticatedError) as refusal:
            house.accounts.sign_in(name, password, HERE)
        told.add((refusal.value.code, str(refusal.value), tuple(refusal.value.parameters)))
    assert len(told) == 1
    assert actions(house, "user fleet-alpha")[-1] == "session.refused"
    assert "nobody" not in str(house.audit.page(EVERYTHING, PageRequest(5)).rows)  # people type passwords as names


def test_guessing_ends_after_some_tries_and_the_right_password_waits_as_well(house: House) -> None:
    for _ in range(WRONG_FOR_A_NAME):
        with pytest.raises(UnauthenticatedError):
            house.accounts.sign_in("analyst-alpha", NEW, HERE)
    with pytest.raises(TooOftenError) as refusal:
        house.accounts.sign_in("analyst-alpha", PASSWORD, "198.51.100.7")
    assert refusal.value.parameters == {"seconds": 300}
    house.accounts.sign_in("analyst-bravo", PASSWORD, HERE)
    house.clock.set(house.clock.now() + timedelta(seconds=300))
    house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)


def test_guessing_names_from_one_address_ends_too(house: House) -> None:
    for number in range(WRONG_FROM_AN_ADDRESS):
        with pytest.raises(UnauthenticatedError):
            house.accounts.sign_in(f"name-{number}", NEW, HERE)
    with pytest.raises(TooOftenError):
        house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    house.accounts.sign_in("analyst-alpha", PASSWORD, "198.51.100.7")


def test_changing_the_password_ends_every_session_and_gives_a_fresh_one(house: House) -> None:
    user, first = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    _, second = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    _, fresh = house.accounts.change_password(user, PASSWORD, NEW, HERE)
    for old in (first, second):
        with pytest.raises(UnauthenticatedError):
            house.accounts.user_of_session(old)
    assert house.accounts.user_of_session(fresh).name == user.name
    with pytest.raises(UnauthenticatedError):
        house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (NEW, NEW, "console.wrong_password"),
        (PASSWORD, PASSWORD, "console.password_same"),
        (PASSWORD, "short", "console.password_short"),
    ],
)
def test_password_changes_that_are_refused(house: House, old: str, new: str, code: str) -> None:
    user, secret = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    with pytest.raises(InvalidError) as refusal:
        house.accounts.change_password(user, old, new, HERE)
    assert refusal.value.code == code
    house.accounts.user_of_session(secret)


def test_one_time_passwords_must_be_changed(house: House) -> None:
    root = house.accounts.user(PLATFORM, "root").actor
    user, password = house.accounts.add_user(root, NewUser("li", "Li", Role.ANALYST, None))
    assert user.must_change_password
    signed_in, _ = house.accounts.sign_in("li", password, HERE)
    changed, _ = house.accounts.change_password(signed_in, password, NEW, HERE)
    assert not changed.must_change_password
    assert house.accounts.reset_password(root, "li")[0].must_change_password
    assert not house.accounts.set_password(root, "li", NEW).must_change_password
    assert actions(house, "user li") == [
        "user.add",
        "session.open",
        "user.password",
        "session.open",
        "user.password_reset",
        "user.password",
    ]


def test_people_of_an_enterprise_manage_users_of_it_only(house: House) -> None:
    boss = house.accounts.user(PLATFORM, "admin-alpha").actor
    made, _ = house.accounts.add_user(boss, NewUser("li", "Li", Role.ANALYST, None))
    assert made.enterprise == OPERATOR_A
    assert {user.name for user in house.accounts.users(boss)} == {"admin-alpha", "analyst-alpha", "li"}
    for new in (
        NewUser("spy", "Spy", Role.ANALYST, OPERATOR_B),
        NewUser("spy", "Spy", Role.REGULATOR, OPERATOR_A),
    ):
        with pytest.raises(ForbiddenError):
            house.accounts.add_user(boss, new)
    with pytest.raises(ForbiddenError):
        house.accounts.change_user(boss, "li", UserChange(role=Role.REGULATOR))
    for attempt in (
        lambda: house.accounts.change_user(boss, "analyst-bravo", UserChange(disabled=True)),
        lambda: house.accounts.reset_password(boss, "analyst-bravo"),
        lambda: house.accounts.reset_password(boss, "root"),
        lambda: house.accounts.set_password(boss, "root", NEW),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_nobody_locks_the_own_door(house: House) -> None:
    root = house.accounts.user(PLATFORM, "root").actor
    for change in (UserChange(disabled=True), UserChange(role=Role.ENGINEER)):
        with pytest.raises(ConflictError):
            house.accounts.change_user(root, "root", change)
    with pytest.raises(ConflictError):
        house.accounts.reset_password(root, "root")
    assert house.accounts.change_user(root, "root", UserChange(display_name="Me")).display_name == "Me"


def test_a_disabled_user_is_out_at_once_and_so_are_the_tokens(house: House) -> None:
    root = house.accounts.user(PLATFORM, "root").actor
    user, secret = house.accounts.sign_in("analyst-alpha", PASSWORD, HERE)
    _, token = house.accounts.add_token(user, "script", 1)
    house.accounts.change_user(root, user.name, UserChange(disabled=True))
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_session(secret)
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_token(token)


def test_tokens_live_until_their_day_or_their_revocation(house: House) -> None:
    user = house.accounts.user(PLATFORM, "analyst-alpha")
    token, secret = house.accounts.add_token(user, "script", 2)
    assert secret.startswith("tw_")
    assert house.accounts.user_of_token(secret).name == user.name
    used = next(one for one in house.accounts.tokens(user) if one.id == token.id)
    assert used.last_used_at == house.clock.now()
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_token(secret[:-1])
    with pytest.raises(NotFoundError):
        house.accounts.revoke_token(house.accounts.user(PLATFORM, "fleet-alpha"), token.id)
    house.clock.set(house.clock.now() + timedelta(days=2))
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_token(secret)
    another, other_secret = house.accounts.add_token(user, "script", 2)
    house.accounts.revoke_token(house.accounts.user(PLATFORM, "admin-alpha"), another.id)
    with pytest.raises(UnauthenticatedError):
        house.accounts.user_of_token(other_secret)


def test_tokens_are_counted(house: House) -> None:
    user = house.accounts.user(PLATFORM, "analyst-alpha")
    for number in range(MAX_TOKENS - 1):
        house.accounts.add_token(user, f"script {number}", 2)
    with pytest.raises(ConflictError):
        house.accounts.add_token(user, "one too many", 2)


@pytest.mark.parametrize(
    ("actor", "name", "fits"),
    [
        ("analyst-alpha", "analyst-alpha", True),
        ("root", "analyst-alpha", True),
        ("root", "root", True),
        ("root", "analyst-bravo", False),  # does not see the row
        ("root", "fleet-alpha", False),  # may not act
        ("analyst-alpha", "analyst-bravo", False),
        ("analyst-alpha", "nobody", False),
    ],
)
def test_work_is_given_to_those_who_can_do_it(reading_house: House, actor: str, name: str, fits: bool) -> None:
    who = reading_house.accounts.user(PLATFORM, actor).actor
    sharers = frozenset({FLEET_A, OPERATOR_A})
    if fits:
        assert reading_house.accounts.assignee(who, name, sharers).name == name
    else:
        with pytest.raises(InvalidError) as refusal:
            reading_house.accounts.assignee(who, name, sharers)
        assert refusal.value.code == "console.assignee"


@pytest.mark.parametrize("name", ["", "A", "x" * 65, "wu wei", "-wu", "wu\n", "用户"])
def test_user_names_have_a_form(house: House, name: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        house.accounts.add_user(PLATFORM, NewUser(name, "Wu", Role.ANALYST, None))
    assert refusal.value.code == "console.user_name"


def test_a_user_is_made_once(house: House) -> None:
    with pytest.raises(ConflictError) as refusal:
        house.accounts.add_user(PLATFORM, NewUser("root", "Root", Role.ANALYST, None))
    assert refusal.value.code == "console.user_exists"
    with pytest.raises(TallywardError):
        house.accounts.add_user(PLATFORM, NewUser("fan", "Fan", Role.FLEET_OWNER, None))
    assert len(house.accounts.users(PLATFORM)) == len(PEOPLE)
    assert {user.name for user in house.accounts.users(PLATFORM) if user.enterprise == FLEET_B} == {"fleet-bravo"}


def test_a_reading_is_written_down(house: House) -> None:
    user = house.accounts.user(PLATFORM, "analyst-alpha")
    house.accounts.note_reading(user, "card 1", FLEET_A, day="2026-03-02")
    entry = house.audit.page(EVERYTHING, PageRequest(1)).rows[0]
    assert (entry.actor, entry.action, entry.subject, entry.enterprise) == (
        user.name,
        "record.read",
        "card 1",
        FLEET_A,
    )


def test_languages_are_remembered(house: House) -> None:
    user = house.accounts.user(PLATFORM, "analyst-alpha")
    assert house.accounts.choose_language(user, "en").language == "en"
    assert house.accounts.user(PLATFORM, "analyst-alpha").language == "en"


def test_accounts_take_the_costly_hash_unless_told_otherwise(house: House) -> None:
    assert Accounts(house.accounts._store, house.clock)._passwords._hasher.memory_cost == 65536
