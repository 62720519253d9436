from tallyward.console.look_up import LookUp
from tallyward.console.show.people import audit_row, me, token_row, user_row
from tallyward.kernel.actor import PLATFORM
from tallyward.registry.audit import AuditEntry
from tests.console.fakes import NOON
from tests.console.house import FLEET_A, House


def test_a_user_is_shown_with_or_without_the_account(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    user = reading_house.accounts.user(PLATFORM, "centre")
    assert user_row(look_up, user, whole=False).account is None
    whole = user_row(look_up, user, whole=True).account
    assert whole is not None
    assert whole.enterprise is not None
    assert whole.enterprise.code == "centre"
    assert me(look_up, reading_house.accounts.user(PLATFORM, "root")).enterprise is None


def test_tokens_and_entries(reading_house: House) -> None:
    token = reading_house.accounts.tokens(reading_house.accounts.user(PLATFORM, "root"))[0]
    assert set(token_row(token).model_dump()) == {"id", "name", "user", "created_at", "expires_at", "last_used_at"}
    look_up = LookUp(reading_house.services, PLATFORM)
    row = audit_row(look_up, AuditEntry(NOON, "wu", FLEET_A, "registry.bind", "card 1", {"terminal": 7, "x": None}))
    assert row.model_dump(mode="json")["detail"] == {"terminal": 7, "x": None}
    assert row.enterprise is not None
    assert audit_row(look_up, AuditEntry(NOON, "wu", None, "a.b", "c", {})).enterprise is None
