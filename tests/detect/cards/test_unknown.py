from datetime import date

import pytest

from tallyward.detect.cards import unknown
from tallyward.detect.cards.explain import Names
from tallyward.detect.cards.finding import Finding, LimitOrigin, SubjectKind
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import Seen, Witness
from tallyward.kernel.catalogue import LANGUAGES, words
from tallyward.records.schema import SubscriberTag
from tests.detect.rule_making import fault, make_rule

DAY = date(2026, 3, 9)
NAMES = Names({77: "203.0.113.9"}, {})
SHOWN = Witness(4, 12, ts=1_000, svc=0, imei=5, peer=77, up=1, dn=2, dur=3, cell=6, area=7, src=21)
SEEN = Seen(42, records=3, first_ts=1_000, last_ts=2_000, witnesses=(SHOWN, SHOWN._replace(row=13, src=22)))


def all_kinds() -> dict[str, Finding]:
    return {
        "card": unknown.unknown_card(SubscriberTag.IMSI, "460001234567890", SEEN, NAMES, DAY),
        "lost": unknown.lost_card(SEEN, NAMES, DAY),
        "cell": unknown.unknown_cell("460-0-1-77", SEEN, NAMES, DAY),
        "blind": unknown.blind(rule_t1(), 9, ("imei", "imei_bound"), DAY),
    }


def rule_t1() -> Rule:
    return make_rule(fault(card="count() > 3"))


@pytest.mark.parametrize("tag", list(SubscriberTag))
def test_an_unknown_card_is_named_by_the_number_that_was_seen(tag: SubscriberTag) -> None:
    found = unknown.unknown_card(tag, "898600A", SEEN, NAMES, DAY)
    assert (found.rule, found.severity, found.card) == ("R0.unknown_card", "high", 0)
    assert (found.subject.kind, found.subject.number) == (SubjectKind(tag.name.lower()), "898600A")
    for language in LANGUAGES:
        why = found.explanation[language].why
        assert tag.name in why
        assert "898600A" in why
        assert "3" in why.replace("898600A", "")


def test_figures_and_records_come_from_what_was_seen() -> None:
    found = unknown.unknown_cell("460-0-1-77", SEEN, NAMES, DAY)
    assert (found.records, found.first_ts, found.last_ts, found.day) == (3, 1_000, 2_000, DAY)
    assert [(one.segment, one.row, one.peer) for one in found.evidence] == [
        (4, 12, "203.0.113.9"),
        (4, 13, "203.0.113.9"),
    ]
    assert found.source_intake == 21
    assert [(one.name, one.observed, one.limit, one.origin) for one in found.measures] == [
        ("unknown_cell", "3", "0", LimitOrigin.REGISTRY)
    ]


def test_a_card_that_the_snapshot_lacks_keeps_its_id() -> None:
    found = unknown.lost_card(SEEN, NAMES, DAY)
    assert (found.rule, found.card, found.subject.kind, found.subject.number) == (
        "R0.unknown_card",
        42,
        SubjectKind.CARD,
        "42",
    )


def test_a_rule_without_sight_says_how_many_cards_and_what_is_lacking() -> None:
    found = all_kinds()["blind"]
    assert (found.rule, found.subject.kind, found.subject.number) == ("R0.blind", SubjectKind.RULE, "T1")
    assert (found.records, found.evidence, found.source_intake) == (9, (), 0)
    for language in LANGUAGES:
        assert "imei, imei_bound" in found.explanation[language].why
        assert "T1" in found.explanation[language].why
        assert "9" in found.explanation[language].why


@pytest.mark.parametrize("kind", ["card", "lost", "cell", "blind"])
def test_sentences_exist_in_both_languages_without_open_blanks(kind: str) -> None:
    found = all_kinds()[kind]
    told = [(one.why, one.normal) for one in found.explanation.values()]
    assert len(told) == len(LANGUAGES)
    assert len(set(told)) == len(LANGUAGES)
    assert not any(sign in text for pair in told for text in pair for sign in "{}")


@pytest.mark.parametrize("rule", unknown.BUILT_IN, ids=lambda rule: rule.name)
def test_every_built_in_rule_has_title_and_description(rule: unknown.BuiltIn) -> None:
    for part in ("title", "description"):
        texts = {words(language, f"detect.rule.{rule.name}.{part}") for language in LANGUAGES}
        assert len(texts) == len(LANGUAGES)
        assert not any(text.startswith("detect.") for text in texts)


def test_findings_of_the_platform_never_share_a_rule_of_a_file() -> None:
    assert {rule.id for rule in unknown.BUILT_IN} == {
        "R0.unknown_card",
        "R0.unknown_cell",
        "R0.blind",
        "C1.custody_break",
    }
    assert len({(found.subject, found.rule) for found in all_kinds().values()}) == 4
