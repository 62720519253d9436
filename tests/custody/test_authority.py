"""Who may sign what is said in one place."""

from tallyward.custody.authority import BY_GOVERNORS, KINDS_OF_SPEAKER, MEMBER_KINDS, PURPOSE_OF, Purpose, enough
from tallyward.custody.transactions import Kind


def test_only_operators_register_approve_and_activate() -> None:
    for kind in (Kind.REGISTER_LOT, Kind.RN_APPROVE, Kind.RN_REJECT, Kind.ACTIVATE):
        assert KINDS_OF_SPEAKER[kind] == ("operator",)
    assert PURPOSE_OF[Kind.RN_APPROVE] is PURPOSE_OF[Kind.ACTIVATE] is Purpose.REAL_NAME
    assert {one for kinds in KINDS_OF_SPEAKER.values() for one in kinds} <= set(MEMBER_KINDS)


def test_more_than_two_thirds() -> None:
    assert [enough(signed, 3) for signed in range(4)] == [False, False, False, True]
    assert [enough(signed, 4) for signed in range(5)] == [False, False, False, True, True]
    assert enough(1, 1)
    assert not enough(0, 0)


def test_governors_decide_on_members_keys_and_rules() -> None:
    assert {kind.name.split("_")[0] for kind in BY_GOVERNORS} == {"MEMBER", "KEY", "RULES"}
