"""The console's question after the node: none, one that is down, one that runs."""

from pathlib import Path

import pytest

from tallyward.custody.adapters.cometbft_home import Seat, make_home
from tallyward.wiring.custody.health import CustodyHealthBoard
from tallyward.wiring.settings import read_settings
from tests.custody.network import network, until
from tests.custody.validators import VALIDATORS, VOTES


def test_an_embedded_ledger_has_no_node(tmp_path: Path) -> None:
    assert CustodyHealthBoard(read_settings(home=tmp_path)).node() is None


def test_a_node_that_is_down_does_not_answer(tmp_path: Path) -> None:
    make_home(Seat("OP", tmp_path / "node", "127.0.0.1:1", 1, VOTES["OP2"], VOTES["OP"]))
    found = CustodyHealthBoard(read_settings(home=tmp_path, custody_node=tmp_path / "node")).node()
    assert found is not None
    assert (found.member, found.seen) == ("OP", None)


@pytest.mark.slow
def test_a_node_that_runs_tells_of_all_validators(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        board = CustodyHealthBoard(read_settings(home=tmp_path / "home", custody_node=nodes.nodes["RES"].seat.home))

        def signing() -> set[str]:
            found = board.node()
            assert found is not None
            assert found.member == "RES"
            return {one.member for one in found.seen.votes if one.signed} if found.seen else set()

        until(lambda: signing() == {*VALIDATORS})
        nodes.nodes["REG"].kill()
        until(lambda: signing() == {*VALIDATORS} - {"REG"})
