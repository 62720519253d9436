import pytest

from tallyward.custody.machine import Machine
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_faults import SHELVED, SOLD
from tallyward.simulate.chain_lots import Run, pack
from tallyward.simulate.chain_pen import Block, Pen
from tallyward.simulate.chain_shipping import ship
from tests.simulate import chain_run

BEGIN, END = 1_000_000, 2_000_000


def shipped(chain: Chain, *, tries: bool) -> tuple[list[Block], list[Run], chain_run.Run]:
    shipment = pack(chain.fleet, 0, chain.fleet.cards_between(1, chain.fleet.cards), chain.fates)
    machine = Machine(chain.genesis)
    machine.end_block(machine.time)
    ledger = chain_run.Run(machine)
    making = ship(Pen(chain.ledger, chain.keys, 0), shipment, BEGIN, END, tries=tries)
    while True:
        try:
            chain_run.take(ledger, next(making))
        except StopIteration as end:
            return ledger.blocks, end.value, ledger


@pytest.fixture(scope="module")
def plain(chain: Chain) -> tuple[list[Block], list[Run], chain_run.Run]:
    return shipped(chain, tries=False)


def test_blocks_lie_in_their_time_and_bring_their_lots(plain: tuple[list[Block], list[Run], chain_run.Run]) -> None:
    blocks, _, ledger = plain
    times = [block.time for block in blocks]
    assert times == sorted(set(times))
    assert (times[0], times[-1] < END) == (BEGIN, True)
    assert [bool(block.lots) for block in blocks] == [True] + [False] * (len(blocks) - 1)
    assert {book.lot for book in blocks[0].lots} == set(ledger.machine.state.lots_by_number)


def test_without_attempts_only_a_replay_is_refused(plain: tuple[list[Block], list[Run], chain_run.Run]) -> None:
    _, _, ledger = plain
    assert {one.name for one in ledger.attempts} == {"replayed_sale"}
    assert [code for code, _ in ledger.refused] == ["custody.input_consumed"]


def test_with_attempts_the_cards_go_the_same_way(
    chain: Chain, plain: tuple[list[Block], list[Run], chain_run.Run]
) -> None:
    _, _, tried = shipped(chain, tries=True)
    assert {one.name for one in tried.attempts} > {"replayed_sale"}
    assert [(code, digest) for code, digest in tried.refused] == [(one.code, one.hash) for one in tried.attempts]
    _, _, ledger = plain
    assert tried.machine.state.spans.root() == ledger.machine.state.spans.root()


def test_what_goes_its_own_way_is_told_as_it_stands(plain: tuple[list[Block], list[Run], chain_run.Run]) -> None:
    _, apart, ledger = plain
    state = ledger.machine.state
    assert {run.fate for run in apart} > {SHELVED}
    assert not [run for run in apart if run.fate is SOLD]
    for run in apart:
        lot = state.lots.rows[run.lot.encode()].number
        span = state.spans.at(lot, run.start)
        assert span.cause == run.cause
        assert span.end >= run.end
        assert ledger.holder(span) == run.holder
