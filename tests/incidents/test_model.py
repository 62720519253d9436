from dataclasses import replace
from datetime import date

from tallyward.incidents.model import key_of
from tests.incidents.making import make_finding


def test_versions_and_figures_are_not_part_of_the_key() -> None:
    finding = make_finding(records=3, version="v1")
    assert key_of(finding) == key_of(make_finding(records=9, version="v2", last=9000))


def test_subject_rule_and_day_are() -> None:
    finding = make_finding()
    others = [make_finding(card=2), make_finding(rule="R2"), replace(finding, day=date(2026, 3, 3))]
    assert len({key_of(finding), *map(key_of, others)}) == 4
