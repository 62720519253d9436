from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.kept_rules import (
    Action,
    Version,
    check_room,
    checked_note,
    in_use,
    named_rule,
    named_text,
    overlaid,
    read_rule,
)
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import EnterpriseId, RuleId
from tests.detect.keeping import peers
from tests.detect.rule_making import fault, rule_text

AT = datetime(2026, 3, 2, tzinfo=UTC)
BASE = RuleBook.load()


def version(rule: str, text: bytes | None, action: Action = Action.PROMOTE, number: int = 1) -> Version:
    told = None if text is None else text.decode()
    return Version(RuleId(rule), number, action, "v", told, "ann", EnterpriseId(1), AT, "why")


def test_kept_texts_replace_join_and_leave_out_rules_of_the_files() -> None:
    newest = [version("R6", peers(3, "R6")), version("P1", peers(4)), version("R7", None, Action.RETIRE)]
    book = overlaid(BASE, newest)
    assert [rule.id for rule in book.rules] == ["R1", "R2", "R3", "R4", "R5", "R6", "P1"]
    assert book.rule(RuleId("R6")) == read_rule(peers(3, "R6"), "R6 #1")
    assert book.rule(RuleId("R1")) == BASE.rule(RuleId("R1"))
    assert book.version != BASE.version


def test_a_rule_rolled_back_to_the_files_is_theirs() -> None:
    assert overlaid(BASE, [version("R6", None, Action.ROLL_BACK)]).version == BASE.version


def test_what_is_in_use_is_told_without_reading_the_text() -> None:
    files, text = BASE.rule(RuleId("R6")), b"no: longer a rule"
    assert files is not None
    assert in_use(files, None) == in_use(files, version("R6", None, Action.ROLL_BACK)) == (files.version, files.text)
    assert in_use(files, version("R6", text)) == ("v", text.decode())
    assert in_use(files, version("R6", None, Action.RETIRE)) is in_use(None, None) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"[" + peers(1) + b"," + peers(1, "P2") + b"]", "detect.rule_one"),
        (peers(1).replace(b'"hit": false', b'"hit": true'), "detect.rule_untested"),
        (peers(1).replace(b"> most_peers", b"< most_peers"), "detect.rule_test_failed"),
        (peers(1).replace(b"> most_peers", b"> no_such"), "detect.rule_name"),
        (b"id: P1\n" + b"#" * (64 << 10), "detect.rule_file_size"),
        (b"\xff", "detect.rule_file_encoding"),
    ],
)
def test_a_text_that_is_no_rule_is_refused_with_its_place(text: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        read_rule(text, "own.yaml")
    assert refusal.value.code == code
    assert refusal.value.parameters["file"] == "own.yaml"
    assert isinstance(refusal.value.parameters["line"], int)


def test_the_last_rule_stays_and_two_hundred_are_the_most() -> None:
    gone = [version(rule.id, None, Action.RETIRE) for rule in BASE.rules]
    check_room(BASE, gone[1:])
    with pytest.raises(InvalidError, match=r"detect\.rule_last"):
        check_room(BASE, gone)
    check_room(BASE, [version(f"P{number}", b"x") for number in range(193)])
    with pytest.raises(InvalidError, match=r"detect\.rule_many"):
        check_room(BASE, [version(f"P{number}", b"x") for number in range(194)])


def test_author_and_note_are_for_people_of_the_same_enterprise() -> None:
    own = version("R6", peers(3, "R6"))
    assert own.seen_by(EVERYTHING) == own.seen_by(Scope(EnterpriseId(1))) == own
    other = own.seen_by(Scope(EnterpriseId(2)))
    assert (other.author, other.note, other.text) == (None, "", own.text)


def test_a_note_is_short_and_may_be_missing() -> None:
    assert checked_note("  why \n") == "why"
    assert checked_note(" ") == ""
    for note in ("x" * 501, "a\x00b"):
        with pytest.raises(InvalidError, match=r"detect\.rule_note"):
            checked_note(note)


def test_the_rules_in_a_test_are_rules() -> None:
    assert read_rule(peers(5)).version != read_rule(peers(6)).version
    assert read_rule(peers(5)).version == read_rule(peers(5, title="other")).version
    assert rule_text(fault(card="count() > 1"))


P1, R6 = RuleId("P1"), RuleId("R6")
KEPT = (version("P1", None, Action.RETIRE, 3), version("P1", peers(6), number=2), version("P1", peers(5), number=1))


def test_a_version_is_named_by_number_or_by_name_the_newest_of_that_name() -> None:
    assert named_text(P1, "1", KEPT, None) == ("v", peers(5).decode())
    assert named_text(P1, "v", KEPT, None) == ("v", peers(6).decode())
    assert named_rule(P1, "2", KEPT, None).limits == {"most_peers": 6}


def test_the_files_are_named_by_0_or_by_their_version() -> None:
    files = BASE.rule(R6)
    assert files is not None
    assert named_rule(R6, "0", (), files) is named_rule(R6, files.version, (), files) is files


@pytest.mark.parametrize(
    ("to", "kept", "code"),
    [("1", (), "detect.no_rule"), ("3", KEPT, "detect.no_version"), ("0", KEPT, "detect.no_version")],
)
def test_what_has_no_text_is_refused(to: str, kept: tuple[Version, ...], code: str) -> None:
    with pytest.raises(NotFoundError, match=code.replace(".", r"\.")):
        named_rule(P1, to, kept, None)


def test_a_version_that_was_the_files_text_is_refused_once_they_have_another_one() -> None:
    files = BASE.rule(R6)
    assert files is not None
    back = replace(version("R6", None, Action.ROLL_BACK), version=files.version)
    assert named_rule(R6, "1", (back,), files) is files
    for now in (read_rule(peers(3, "R6")), None):
        with pytest.raises(NotFoundError, match=r"detect\.no_version"):
            named_rule(R6, "1", (back,), now)
