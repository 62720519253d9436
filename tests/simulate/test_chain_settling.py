import pytest

from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_faults import FATES
from tallyward.simulate.numbering import iccids
from tests.simulate.chain_run import Run

WAYS = {
    "kept_by_operator": ("REGISTERED",),
    "kept_by_user": ("OFFERED", "RETAIL"),
    "on_its_way": ("OFFERED",),
    "asked": ("RETAIL", "ACT_REQUESTED"),
    "approved": ("ACT_REQUESTED", "RN_APPROVED"),
    "suspended": ("ACTIVE", "SUSPENDED"),
    "cancelled": ("ACTIVE", "CANCELLED"),
    "quarantined": ("ACTIVE", "CANCELLED", "QUARANTINE"),
    "lost": ("RETAIL", "LOST"),
    "overdue": ("HELD", "OFFERED"),
    "came_back": ("RN_APPROVED", "ACTIVE"),
    "rejected_once": ("RN_APPROVED", "ACTIVE"),
    "withdrawn_once": ("RN_APPROVED", "ACTIVE"),
    "late_lot": ("RN_APPROVED", "ACTIVE"),
    "resumed": ("ACTIVE", "SUSPENDED", "ACTIVE"),
    "found_again": ("RETAIL", "LOST", "RETAIL", "ACT_REQUESTED", "RN_APPROVED", "ACTIVE"),
    "suspended_silent": ("ACTIVE", "SUSPENDED"),
    "cancelled_silent": ("ACTIVE", "CANCELLED"),
    "on_its_way_silent": ("HELD", "OFFERED"),
    "asked_silent": ("RETAIL", "ACT_REQUESTED"),
    "approved_silent": ("ACT_REQUESTED", "RN_APPROVED"),
    "lost_silent": ("RETAIL", "LOST"),
    "uncounted": ("OFFERED", "RETAIL"),
    "counted_twice": ("OFFERED", "HELD"),
}
"""The last states of each fate's cards."""


@pytest.mark.parametrize("name", WAYS)
def test_a_fate_ends_as_it_says(chain: Chain, ledger: Run, name: str) -> None:
    numbers = iccids(chain.fates.having(name))
    assert numbers
    for number in numbers:
        states = tuple(span.state.name for span in reversed(ledger.chain(number)))
        assert states[-len(WAYS[name]) :] == WAYS[name]


def test_what_the_last_seller_kept_is_stock(chain: Chain, ledger: Run) -> None:
    for number in iccids(chain.fates.having("kept_by_seller")):
        assert ledger.state(number) in {"REGISTERED", "HELD", "RETAIL"}


def test_every_fate_is_looked_at() -> None:
    assert {fate.name for fate in FATES} - WAYS.keys() == {"kept_by_seller", "unlisted"}


def test_those_that_came_back_were_with_the_operator_twice(chain: Chain, ledger: Run) -> None:
    for number in iccids(chain.fates.having("came_back")):
        rests = [span for span in ledger.chain(number) if span.state.name in {"REGISTERED", "HELD"}]
        assert [ledger.holder(span) for span in rests].count("op-huaxun") == 2
