import pytest

from tallyward.custody.card_orders import Cancel, Lose
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.transactions import RegisterLot
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_faults import SOLD
from tallyward.simulate.chain_lots import Run
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_pen import Pen
from tallyward.simulate.chain_sales import accept, give_back, offer, order, parts_of, reject, withdraw
from tests.simulate import chain_run

PATH = ("op-huaxun", "rs-jiahe", "iu-qinghe")
OTHER = ("op-huaxun", "rs-yifeng", "iu-lanxi")
FAR = 10_000


@pytest.fixture
def ledger(chain: Chain) -> chain_run.Run:
    machine = Machine(chain.genesis)
    machine.end_block(machine.time)
    return chain_run.Run(machine)


@pytest.fixture
def pen(chain: Chain) -> Pen:
    return Pen(chain.ledger, chain.keys, 100)


def three_runs(pen: Pen) -> list[Run]:
    said = pen.say(RegisterLot(PATH[0], "L", 30, bytes(32), "nb-meter", RULES.id))
    return [
        Run("L", start, start + 10, path, SOLD, said.number) for start, path in ((0, PATH), (10, PATH), (20, OTHER))
    ]


def standing(pen: Pen, ledger: chain_run.Run) -> list[tuple[int, int, str, str]]:
    for block in pen.close(pen.time + 1):
        chain_run.take(ledger, block)
    assert not ledger.refused
    return [
        (span.start, span.end, ledger.holder(span), span.state.name) for span in ledger.machine.state.spans.standing(0)
    ]


def test_neighbours_moved_by_one_entry_are_one_part() -> None:
    runs = [Run("L", start, start + 10, PATH, SOLD, cause) for start, cause in ((0, 4), (10, 4), (20, 5), (40, 5))]
    assert parts_of(runs) == (Part("L", 0, 20, 4), Part("L", 20, 30, 5), Part("L", 40, 50, 5))
    assert parts_of([runs[0], Run("M", 10, 20, PATH, SOLD, 4)]) == (Part("L", 0, 10, 4), Part("M", 10, 20, 4))


def test_a_sale_goes_hop_by_hop(pen: Pen, ledger: chain_run.Run) -> None:
    runs = three_runs(pen)
    deals = offer(pen, runs, 0, FAR)
    assert [(deal.buyer, deal.parts) for deal in deals] == [
        ("rs-jiahe", (Part("L", 0, 20, 2),)),
        ("rs-yifeng", (Part("L", 20, 30, 2),)),
    ]
    accept(pen, deals)
    offer(pen, runs[:2], -2, FAR)
    assert standing(pen, ledger) == [(0, 20, "rs-jiahe", "OFFERED"), (20, 30, "rs-yifeng", "HELD")]


def test_offers_are_taken_back_or_not_taken_and_cards_given_back(pen: Pen, ledger: chain_run.Run) -> None:
    runs = three_runs(pen)
    deals = [offer(pen, [run], 0, FAR)[0] for run in runs]
    withdraw(pen, deals[:1])
    reject(pen, deals[1:2])
    accept(pen, deals[2:])
    accept(pen, give_back(pen, runs[2:], FAR))
    assert {row[2:] for row in standing(pen, ledger)} == {("op-huaxun", "HELD")}
    accept(pen, offer(pen, runs, 0, FAR))
    assert {row[3] for row in standing(pen, ledger)} == {"HELD"}


def test_orders_come_from_the_operator_or_from_each_holder(pen: Pen, ledger: chain_run.Run) -> None:
    runs = three_runs(pen)
    for hop in (0, 1):
        accept(pen, offer(pen, runs, hop, FAR))
    order(pen, Lose, runs[:1] + runs[2:], "gone", by_holder=True)
    assert standing(pen, ledger) == [
        (0, 10, "iu-qinghe", "LOST"),
        (10, 20, "iu-qinghe", "RETAIL"),
        (20, 30, "iu-lanxi", "LOST"),
    ]
    order(pen, Cancel, runs[1:2], "over")
    for block in pen.close(200):
        chain_run.take(ledger, block)
    assert [code for code, _ in ledger.refused] == ["custody.state_forbids"]
