from tallyward.console.show.credit import credit_answer, refused
from tallyward.kernel.errors import ForbiddenError
from tests.console.house import House


def test_a_newcomer_loses_points_by_the_entry_of_its_joining(reading_house: House) -> None:
    desk = reading_house.services.custody
    assert desk
    told = desk.credit("alpha-op", "alpha-fleet")
    shown = credit_answer(told, "alpha-op", desk.log, {}, may_know_who_asked=False)
    assert (shown.name, shown.asker, shown.score) == ("alpha-fleet", "alpha-op", told.credit.score)
    (reason,) = [one for one in shown.reasons if one.code == "newcomer"]
    assert reason.points == -reason.entries[0].points < 0
    assert f"{reason.points}" in reason.told.en
    assert reason.told.zh_cn != reason.told.en
    assert shown.root == told.statement.root.hex()


def test_a_refusal_says_why_in_both_languages() -> None:
    found = refused("x", ForbiddenError("custody.look_up_forbidden", asker="a", about="x"))
    assert (found.credit, found.refused) == (None, "custody.look_up_forbidden")
    assert found.reason
    assert found.reason.en != found.reason.zh_cn
