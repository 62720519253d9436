from collections import Counter

from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import PERSON, RegisterLot, RnApprove
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_faults import SOLD
from tallyward.simulate.chain_lots import Run
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_names import MOST_CARDS, activate, approve, request
from tallyward.simulate.chain_pen import Pen
from tallyward.simulate.chain_sales import accept, offer
from tests.simulate import chain_run

PATH = ("op-huaxun", "iu-qinghe")
CARDS = 2 * MOST_CARDS + 905


def test_long_runs_are_named_and_activated_in_bounded_requests(chain: Chain) -> None:
    pen = Pen(chain.ledger, chain.keys, 100)
    said = pen.say(RegisterLot(PATH[0], "L", CARDS, bytes(32), "nb-meter", RULES.id))
    runs = [Run("L", start, end, PATH, SOLD, said.number) for start, end in ((0, 900), (901, CARDS))]
    accept(pen, offer(pen, runs, 0, 10_000))
    requests = request(pen, runs)
    assert [one.cards for one in requests] == [MOST_CARDS, MOST_CARDS, 904]
    approve(pen, requests)
    activate(pen, requests)
    machine = Machine(chain.genesis)
    machine.end_block(machine.time)
    ledger = chain_run.Run(machine)
    for block in pen.close(200):
        chain_run.take(ledger, block)
    assert not ledger.refused
    spans = list(machine.state.spans.standing(0))
    inactive = [(one.start, one.end) for one in spans if one.state.name != "ACTIVE"]
    assert inactive == [(900, 901)]
    cut = [run for one in requests for run in one.runs]
    causes = {(one.start, one.cause) for one in spans}
    assert all((run.start, run.cause) in causes for run in cut)


def test_no_person_has_more_cards_than_allowed_and_some_have_all(chain: Chain) -> None:
    found: Counter[bytes] = Counter()
    for block in chain.blocks():
        refused = {one.place for one in block.attempts}
        for place, data in enumerate(block.entries):
            one = read(data).transaction
            if isinstance(one, RnApprove) and place not in refused:
                found.update(one.persons[at : at + PERSON] for at in range(0, len(one.persons), PERSON))
    assert max(found.values()) == RULES.person_cards
