"""Each entry has the time of its block."""

from collections.abc import Callable

import pytest

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.block_times import BlockTimes
from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.errors import NotFoundError
from tests.custody.chain import NOW, signed


def test_an_entry_has_the_time_of_the_block_that_ends_after_it() -> None:
    times = BlockTimes([(1, 100), (4, 200)])
    assert [times(entry) for entry in range(5)] == [100, 100, 200, 200, 200]
    assert times.ends == [1, 4]


@pytest.mark.parametrize("entry", [-1, 5])
def test_an_entry_without_a_block_has_none(entry: int) -> None:
    with pytest.raises(NotFoundError, match=r"custody\.entry_unknown"):
        BlockTimes([(1, 100), (4, 200)])(entry)


@pytest.mark.parametrize("block", [(4, 200), (5, 199)])
def test_blocks_ascend(block: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="comes after"):
        BlockTimes([(4, 200), block])


def test_of_a_ledger(open_ledger: Callable[[], SqliteLedger]) -> None:
    ledger = open_ledger()
    ledger.submit([signed(ledger.machine.id, RegisterLot("OP", "L", 9, bytes(32), "x", "cn-2019-chain"), "op")])
    times = BlockTimes.of(ledger.entries())
    assert times(2) == NOW
    with pytest.raises(NotFoundError):
        times(4)
