"""The terms are whole, their codes worded, and no term can change without its digest."""

from dataclasses import replace

import pytest

from tallyward.custody.break_kinds import Break
from tallyward.custody.credit_terms import TERMS, UNREGISTERED_RULES, Factor
from tallyward.kernel.catalogue import LANGUAGES, keys


def test_each_factor_is_weighed_once_and_worded() -> None:
    assert [one.factor for one in TERMS.weighings] == list(Factor)
    for language in LANGUAGES:
        assert {f"custody.credit.{one}" for one in (*Factor, "newcomer", "capped", "answer")} <= keys(language)


def test_all_that_can_be_won_leads_to_the_highest_score() -> None:
    assert TERMS.base + sum(one.gain for one in TERMS.weighings) == 1000


def test_rules_of_unregistered_use_are_breaks() -> None:
    assert set(Break) > UNREGISTERED_RULES


@pytest.mark.parametrize(
    ("score", "grade"),
    [(1000, "A"), (800, "A"), (799, "B"), (700, "B"), (550, "C"), (549, "D"), (400, "D"), (399, "E"), (0, "E")],
)
def test_grades_and_quotas_fall_with_the_score(score: int, grade: str) -> None:
    assert TERMS.grade(score)[0] == grade
    assert [quota for _, _, quota in TERMS.grades] == sorted((each for _, _, each in TERMS.grades), reverse=True)


def test_another_term_another_digest() -> None:
    weighings = (replace(TERMS.weighings[0], prior=2_001), *TERMS.weighings[1:])
    digests = {one.digest for one in (TERMS, replace(TERMS, cap=301), replace(TERMS, weighings=weighings))}
    assert len(digests) == 3
    assert replace(TERMS).digest == TERMS.digest
