from collections import Counter

import pytest

from tallyward.simulate.chain import Chain
from tests.simulate.chain_run import Run

CODES = {
    "double_sale": "custody.input_consumed",
    "replayed_sale": "custody.input_consumed",
    "self_approval": "custody.self_approval",
    "forged_registration": "custody.signature_invalid",
    "registration_by_reseller": "custody.role_forbidden",
    "unapproved_activation": "custody.approval_missing",
}


def test_each_sort_of_attempt_is_made(ledger: Run) -> None:
    assert {one.name: one.code for one in ledger.attempts} == CODES
    counts = Counter(one.name for one in ledger.attempts)
    assert min(counts.values()) > 1 or counts["replayed_sale"] == 1


@pytest.mark.parametrize("name", CODES)
def test_each_is_refused_as_told(ledger: Run, name: str) -> None:
    refused = set(ledger.refused)
    assert all((one.code, one.hash) in refused for one in ledger.attempts if one.name == name)


def test_no_two_of_them_are_the_same(ledger: Run) -> None:
    named = [(one.code, one.hash) for one in ledger.attempts]
    assert len(set(named)) == len(named) == len(ledger.refused)


def test_a_sale_is_replayed_only_after_the_cards_came_back(chain: Chain, ledger: Run) -> None:
    taken = set[bytes]()
    for block in ledger.blocks:
        for one in block.attempts:
            if one.name == "replayed_sale":
                assert block.entries[one.place] in taken
        taken.update(block.entries)
