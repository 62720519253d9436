from pathlib import Path

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import RuleId
from tests.detect.rule_making import fault, rule_text


def write(folder: Path, name: str, *faults: dict[str, object], rule: str, **given: object) -> Path:
    path = folder / name
    path.write_text(rule_text(*faults, rule=rule, **given), encoding="utf-8")
    return path


GOOD = {"name": "seen", "records": [{"svc": "voice"}], "hit": True}
BAD = {"name": "not seen", "records": [{"svc": "data"}], "hit": False}


def test_the_shipped_book_holds_the_seven_rules_and_finds_them_by_id() -> None:
    book = RuleBook.load()
    assert [rule.id for rule in book.rules] == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert book.rule(RuleId("R4")) is book.rules[3]
    assert book.rule(RuleId("R9")) is None


def test_files_of_a_folder_are_read_by_name_and_the_version_names_what_they_find(tmp_path: Path) -> None:
    write(tmp_path, "b.yaml", fault(record="svc = 'voice'"), rule="B", tests=[GOOD, BAD])
    write(tmp_path, "a.yaml", fault(record="svc = 'voice'"), rule="A", tests=[GOOD, BAD])
    (tmp_path / "notes.txt").write_text("not a rule")
    book = RuleBook.load([tmp_path])
    assert [rule.id for rule in book.rules] == ["A", "B"]
    assert RuleBook.load([tmp_path]).version == book.version
    write(tmp_path, "a.yaml", fault(record="svc IN ('voice', 'sms')"), rule="A", tests=[GOOD, BAD])
    assert RuleBook.load([tmp_path]).version != book.version


def test_one_id_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        write(tmp_path, name, fault(record="svc = 'voice'"), rule="A", tests=[GOOD, BAD])
    with pytest.raises(InvalidError, match=r"detect\.rule_id_twice"):
        RuleBook.load([tmp_path])


def test_a_rule_whose_own_test_fails_does_not_load(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", fault(record="svc = 'sms'"), rule="A", tests=[GOOD, BAD])
    with pytest.raises(InvalidError) as refusal:
        RuleBook.load([tmp_path])
    assert "seen" in refusal.value.sentence("en")


@pytest.mark.parametrize("content", [None, b""])
def test_no_rules_and_no_file_are_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        with pytest.raises(InvalidError, match=r"detect\.rule_file_unreadable"):
            RuleBook.load([tmp_path / "none.yaml"])
    with pytest.raises(InvalidError, match=r"detect\.rule_none"):
        RuleBook.load([tmp_path])


def test_some_rules_of_a_book_make_a_book_of_their_own() -> None:
    book = RuleBook.load()
    assert RuleBook.of(book.rules) == book
    assert RuleBook.of(book.rules[:1]).version != book.version
    assert RuleBook.of(reversed(book.rules)).version == book.version
