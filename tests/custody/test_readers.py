"""Keys of readers follow the ledger."""

import pytest

from tallyward.custody import readers
from tallyward.custody.fields import Part
from tallyward.custody.transactions import KeyAdd, KeyRevoke, Offer
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, lot, new_machine, public, say


def test_who_reads_what() -> None:
    machine = new_machine()
    part = Part("LOT", 0, 5, lot(machine))
    offer = Offer("OP", "RES", (part,), LATER, None)
    assert set(readers.of_transfer(machine.state, offer)) == {public("op"), public("reseller"), public("regulator")}
    sale = Offer("RES", "SHOP", (part,), LATER, None)
    assert {public("op"), public("shop")} < set(readers.of_transfer(machine.state, sale))
    assert readers.of_real_names(machine.state, "OP") == [public("op-names")]
    assert readers.of_stock(machine.state, "SHOP") == [public("shop")]


def test_a_regulator_reads_real_names_once_it_is_given_a_key_for_them() -> None:
    machine = new_machine()
    say(machine, KeyAdd("REG", public("stranger"), 2, None, 0), "op", "op2", "regulator")
    assert set(readers.of_real_names(machine.state, "OP")) == {public("op-names"), public("stranger")}


def test_a_key_that_ended_reads_nothing_new() -> None:
    machine = new_machine()
    say(machine, KeyRevoke("OP", public("op-names"), 0), "op", "op2", "regulator")
    with pytest.raises(TallywardError, match="reader_missing"):
        readers.of_real_names(machine.state, "OP")
    with pytest.raises(TallywardError, match="member_unknown"):
        readers.of_stock(machine.state, "NOBODY")
