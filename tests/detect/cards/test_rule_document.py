from pathlib import Path

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule_document import rules_table
from tallyward.detect.cards.vocabulary import AGGREGATES, PROFILE_COLUMNS, RECORD_COLUMNS

ROOT = Path(__file__).resolve().parents[3]


def test_each_rule_and_each_word_of_the_language_is_told() -> None:
    text = rules_table()
    for rule in RuleBook.load().rules:
        assert f"### {rule.id} {rule.title['en']}" in text
        assert all(condition in text for condition in rule.conditions)
    for name in (*RECORD_COLUMNS, *PROFILE_COLUMNS, *AGGREGATES):
        assert f"`{name}`" in text
    for rule_id in ("R0.unknown_card", "R0.unknown_cell", "R0.blind"):
        assert rule_id in text


def test_the_document_is_up_to_date() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_table(), "run `make docs`"
