import pytest

from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import RegisterLot
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_attempts import FORGER
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_pen import Pen

OPERATOR = "op-huaxun"


def lot(name: str, operator: str = OPERATOR) -> RegisterLot:
    return RegisterLot(operator, name, 10, bytes(32), "nb-meter", RULES.id)


@pytest.fixture
def pen(chain: Chain) -> Pen:
    return Pen(chain.ledger, chain.keys, 100)


def test_it_numbers_as_the_machine_does(chain: Chain, pen: Pen) -> None:
    machine = Machine(chain.genesis)
    machine.end_block(machine.time)
    told, taken = [], []
    for block in range(3):
        told += [pen.say(lot(f"{block}-a")).number]
        pen.attempt("forged", "custody.role_forbidden", lot(f"{block}-x", FORGER), FORGER)
        told += [pen.say(lot(f"{block}-b")).number]
        (written,) = pen.close(200 + block)
        tried = {one.place for one in written.attempts}
        taken += [
            machine.take(machine.judge(read(data), written.time))
            for place, data in enumerate(written.entries)
            if place not in tried
        ]
        machine.end_block(written.time)
    assert told == taken


def test_a_block_has_the_time_that_was_set_before_it(pen: Pen) -> None:
    pen.say(lot("a"))
    assert [one.time for one in pen.close(500)] == [100]
    pen.say(lot("b"))
    assert [one.time for one in pen.close(900)] == [500]


def test_nothing_written_is_no_block(pen: Pen) -> None:
    assert pen.close(200) == []


def test_refused_entries_never_stand_alone(pen: Pen) -> None:
    pen.attempt("forged", "custody.role_forbidden", lot("x", FORGER), FORGER)
    with pytest.raises(ValueError, match="alone"):
        pen.close(200)


def test_an_attempt_is_named_by_its_place_and_the_hash_of_its_body(pen: Pen) -> None:
    said = pen.say(lot("a"))
    pen.repeat("again", "custody.lot_exists", said)
    (block,) = pen.close(200)
    (attempt,) = block.attempts
    assert (attempt.name, attempt.place, attempt.code) == ("again", 1, "custody.lot_exists")
    assert block.entries[0] == block.entries[1] == said.entry
    assert attempt.hash == read(block.entries[1]).hash.hex()
