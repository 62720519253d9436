"""A finding explains itself in both languages, without a hole."""

from tallyward.custody.break_finding import Subject, found
from tallyward.custody.break_kinds import BEFORE, WEIGHT, Break
from tallyward.custody.card_path import Link
from tallyward.custody.states import CardState
from tallyward.kernel.catalogue import LANGUAGES
from tests.custody.chain import NOW

WAY = (
    Link("OP", CardState.REGISTERED, 2, NOW, 86_400),
    Link("SHOP", CardState.RETAIL, 4, NOW + 86_400, 43_200),
)
FINDING = found(
    Subject("card", "LOT", 7, 8),
    (Break.STOCK_IN_USE, Break.FAR_FROM_HOLDER),
    WAY,
    (1,),
    records=100,
    facts=(("first_seen", NOW), ("records", 100)),
)


def test_probability_is_the_sum_of_its_contributions() -> None:
    assert FINDING.contributions == (
        ("before", BEFORE),
        ("stock_in_use", WEIGHT[Break.STOCK_IN_USE]),
        ("far_from_holder", WEIGHT[Break.FAR_FROM_HOLDER]),
    )
    assert FINDING.probability == 993  # 1 / (1 + exp(-4.9))
    assert FINDING.entries == (4,)
    assert FINDING.last_holder == "SHOP"


def test_it_explains_itself() -> None:
    told = FINDING.explain("en")
    assert told[0] == "Card 7 of lot LOT, with SHOP by the ledger: in unregistered hands with a probability of 99.3 %."
    assert told[1] == "Since 2026-03-01 00:00 registered, with the operator, with OP, for 1.0 days (entry 2)."
    assert told[2].startswith(
        "BROKEN HERE: since 2026-03-02 00:00 in stock at a point of sale, with SHOP, for 0.5 days"
    )
    assert told[3] == "It lies in stock by the ledger, but has traffic. (+8.0)"
    assert told[-2] == "Evidence: first seen 2026-03-01 00:00; records 100; entries 4."
    assert told[-1].startswith("Recommended: stop the card now")


def test_every_kind_of_subject_and_break_is_worded() -> None:
    for language in LANGUAGES:
        for kind in ("card", "cards", "number", "person", "stock"):
            told = found(Subject(kind, "X", 1, 2), tuple(Break), WAY, (0,), holder="H").explain(language)
            assert not [one for one in told if "{" in one or "custody." in one]
