import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tallyward.detect.kept_rules import Action
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TallywardError
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tests.detect.keeping import Keeping, peers

P1, R6 = RuleId("P1"), RuleId("R6")


def limit(keeping: Keeping, rule: RuleId = P1) -> int | float | None:
    used = keeping.rules.book().rule(rule)
    return used.limits["most_peers"] if used else None


def test_a_promoted_text_is_in_use_and_kept_with_author_time_and_note(keeping: Keeping) -> None:
    at = keeping.world.clock.now()
    first = keeping.rules.promote(PLATFORM, peers(5), " first ")
    keeping.world.clock.set(at + timedelta(hours=1))
    keeping.rules.promote(PLATFORM, peers(6))
    assert limit(keeping) == 6
    new, old = keeping.rules.versions(PLATFORM, P1)
    assert old == first
    assert (old.number, old.action, old.author, old.note, old.at) == (1, Action.PROMOTE, "platform", "first", at)
    assert (new.number, new.text) == (2, peers(6).decode())
    assert new.version == keeping.rules.book().rule(P1).version  # type: ignore[union-attr]
    assert keeping.rules.text(P1, 1) == peers(5).decode()


def test_a_kept_version_is_found_by_number_and_by_name(keeping: Keeping) -> None:
    first = keeping.rules.promote(PLATFORM, peers(5))
    keeping.rules.promote(PLATFORM, peers(6))
    keeping.rules.retire(PLATFORM, P1)
    assert keeping.rules.named(P1, "1").text == keeping.rules.named(P1, first.version).text
    assert keeping.rules.named(P1, "2").limits["most_peers"] == 6
    assert keeping.rules.named(R6, "0") is keeping.rules.base(R6)
    with pytest.raises(NotFoundError, match=r"detect\.no_version"):
        keeping.rules.named(P1, "3")


def test_another_process_takes_it_up_without_restart(keeping: Keeping) -> None:
    other = keeping.other_process()
    assert other.book().rule(P1) is None
    keeping.rules.promote(PLATFORM, peers(5))
    assert other.book().rule(P1) is not None
    assert other.book() is other.book(), "nothing is read again while nothing changes"


def test_a_rule_of_the_files_is_laid_over_and_comes_back(keeping: Keeping) -> None:
    before = keeping.rules.book().version
    keeping.rules.promote(PLATFORM, peers(5, "R6"))
    assert limit(keeping, R6) == 5
    keeping.rules.roll_back(PLATFORM, R6, "0", "too strict")
    assert keeping.rules.book().version == before
    assert [one.action for one in keeping.rules.versions(PLATFORM, R6)] == [Action.ROLL_BACK, Action.PROMOTE]
    keeping.rules.roll_back(PLATFORM, R6, "1")
    assert limit(keeping, R6) == 5
    files = keeping.rules.base(R6)
    assert files is not None
    keeping.rules.roll_back(PLATFORM, R6, files.version)
    assert keeping.rules.book().version == before


def test_rolling_back_is_by_number_or_by_version_and_loses_nothing(keeping: Keeping) -> None:
    five = keeping.rules.promote(PLATFORM, peers(5))
    keeping.rules.promote(PLATFORM, peers(5, title="other words"))
    keeping.rules.promote(PLATFORM, peers(6))
    back = keeping.rules.roll_back(PLATFORM, P1, five.version)
    assert back.text == peers(5, title="other words").decode(), "the newest of that name"
    assert keeping.rules.roll_back(PLATFORM, P1, "1").text == peers(5).decode()
    assert [one.number for one in keeping.rules.versions(PLATFORM, P1)] == [5, 4, 3, 2, 1]


def test_a_retired_rule_is_not_in_use_until_it_is_rolled_back_to(keeping: Keeping) -> None:
    keeping.rules.promote(PLATFORM, peers(5))
    keeping.rules.retire(PLATFORM, P1, "nobody needs it")
    assert keeping.rules.book().rule(P1) is None
    with pytest.raises(NotFoundError, match=r"detect\.no_rule"):
        keeping.rules.retire(PLATFORM, P1)
    with pytest.raises(NotFoundError, match=r"detect\.no_version"):
        keeping.rules.roll_back(PLATFORM, P1, "2")
    with pytest.raises(NotFoundError, match=r"detect\.no_version"):
        keeping.rules.text(P1)
    keeping.rules.roll_back(PLATFORM, P1, "1")
    assert limit(keeping) == 5


def test_a_text_that_fails_its_own_tests_is_refused_and_nothing_changes(keeping: Keeping) -> None:
    before = keeping.rules.book().version
    with pytest.raises(InvalidError, match=r"detect\.rule_test_failed"):
        keeping.rules.promote(PLATFORM, peers(5).replace(b"> most_peers", b"< most_peers"))
    assert keeping.rules.book().version == before
    with pytest.raises(NotFoundError, match=r"detect\.no_rule"):
        keeping.rules.versions(PLATFORM, P1)


def test_what_is_in_use_already_or_by_now_is_refused(keeping: Keeping) -> None:
    first = keeping.rules.promote(PLATFORM, peers(5), instead_of="")
    again: tuple[Callable[[], object], ...] = (
        lambda: keeping.rules.promote(PLATFORM, peers(5)),
        lambda: keeping.rules.roll_back(PLATFORM, P1, "1"),
        lambda: keeping.rules.roll_back(PLATFORM, R6, "0"),
    )
    for change in again:
        with pytest.raises(ConflictError, match=r"detect\.rule_in_use"):
            change()
    keeping.rules.promote(PLATFORM, peers(6), instead_of=first.version)
    with pytest.raises(ConflictError, match=r"detect\.rule_changed"):
        keeping.rules.promote(PLATFORM, peers(7), instead_of=first.version)
    assert limit(keeping) == 6


def test_of_several_operators_none_changes_what_holds_for_all(keeping: Keeping) -> None:
    for code in ("op", "op2", "a", "reg"):
        actor = keeping.world.of(code)
        changes: tuple[Callable[[], object], ...] = (
            partial(keeping.rules.promote, actor, peers(5)),
            partial(keeping.rules.roll_back, actor, R6, "0"),
            partial(keeping.rules.retire, actor, R6),
        )
        for change in changes:
            with pytest.raises(ForbiddenError, match=r"detect\.rules_of_all"):
                change()
    assert keeping.rules.kept() == {}


def test_each_change_is_in_the_audit_log(keeping: Keeping) -> None:
    keeping.rules.promote(PLATFORM, peers(5), "why")
    keeping.rules.retire(PLATFORM, P1)
    keeping.rules.roll_back(PLATFORM, P1, "1")
    entries = keeping.world.audit.page(PLATFORM.scope, PageRequest(500), subject="rule P1").rows
    assert [one.action for one in entries] == ["rule.rollback", "rule.retire", "rule.promote"]
    assert entries[2].detail["note"] == "why"


def test_two_that_promote_at_once_are_both_kept_whole_and_one_is_in_use(keeping: Keeping) -> None:
    start, refused = threading.Barrier(4), []

    def promote(most: int) -> None:
        own = keeping.other_process()
        start.wait()
        try:
            own.promote(PLATFORM, peers(most))
        except TallywardError as refusal:  # pragma: no cover - told by the assertion below
            refused.append(refusal)

    threads = [threading.Thread(target=promote, args=(most,)) for most in (5, 6, 7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    kept = keeping.rules.versions(PLATFORM, P1)
    assert [one.number for one in kept] == [4, 3, 2, 1]
    assert {one.text for one in kept} == {peers(most).decode() for most in (5, 6, 7, 8)}
    used = keeping.rules.book().rule(P1)
    assert used is not None
    assert used.text == kept[0].text


def test_of_two_that_mean_to_replace_the_same_version_one_is_refused(keeping: Keeping) -> None:
    first = keeping.rules.promote(PLATFORM, peers(4))
    start, codes = threading.Barrier(2), []

    def promote(most: int) -> None:
        own = keeping.other_process()
        start.wait()
        try:
            own.promote(PLATFORM, peers(most), instead_of=first.version)
            codes.append("kept")
        except ConflictError as refusal:
            codes.append(refusal.code)

    threads = [threading.Thread(target=promote, args=(most,)) for most in (5, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["detect.rule_changed", "kept"]
    assert len(keeping.rules.versions(PLATFORM, P1)) == 2


def test_a_kept_text_that_this_release_can_not_read_is_refused_and_can_be_rolled_back(keeping: Keeping) -> None:
    keeping.rules.promote(PLATFORM, peers(5))
    with keeping.world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rule_version SET text = 'id: P1' WHERE rule = 'P1'")
    other = keeping.other_process()
    with pytest.raises(InvalidError) as refusal:
        other.book()
    assert refusal.value.parameters["file"] == "P1 #1"
    other.retire(PLATFORM, P1)
    assert other.book().version == keeping.book.version
