"""The console's question after the node: none, one that is down, one that runs."""

from pathlib import Path

import pytest

from tallyward.custody.adapters.cometbft_home import Seat, make_home
from tallyward.kernel.clock import FixedClock
from tallyward.wiring.custody.cosigning import CustodyCosigning
from tallyward.wiring.custody.health import CustodyHealthBoard
from tallyward.wiring.settings import Settings, read_settings
from tests.custody.adapters.witnessing import WITNESS_KEY
from tests.custody.chain import START
from tests.custody.network import network, until
from tests.custody.validators import VALIDATORS, VOTES


def board(settings: Settings) -> CustodyHealthBoard:
    """The board of an installation that asks one witness."""
    asked = (f"{WITNESS_KEY.text()}=http://127.0.0.1:1",)
    return CustodyHealthBoard(settings, CustodyCosigning(asked, lambda: None, settings.folder, FixedClock(START)))


def test_a_witness_that_was_never_asked_has_signed_nothing(tmp_path: Path) -> None:
    (one,) = board(read_settings(home=tmp_path)).witnesses()
    assert (one.name, one.size, one.at, one.problem) == (WITNESS_KEY.name, 0, 0, None)


def test_an_embedded_ledger_has_no_node(tmp_path: Path) -> None:
    assert board(read_settings(home=tmp_path)).node() is None


def test_a_node_that_is_down_does_not_answer(tmp_path: Path) -> None:
    make_home(Seat("OP", tmp_path / "node", "127.0.0.1:1", 1, VOTES["OP2"], VOTES["OP"]))
    found = board(read_settings(home=tmp_path, custody_node=tmp_path / "node")).node()
    assert found is not None
    assert (found.member, found.seen) == ("OP", None)


@pytest.mark.slow
def test_a_node_that_runs_tells_of_all_validators(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        one = board(read_settings(home=tmp_path / "home", custody_node=nodes.nodes["RES"].seat.home))

        def signing() -> set[str]:
            found = one.node()
            assert found is not None
            assert found.member == "RES"
            return {vote.member for vote in found.seen.votes if vote.signed} if found.seen else set()

        until(lambda: signing() == {*VALIDATORS})
        nodes.nodes["REG"].kill()
        until(lambda: signing() == {*VALIDATORS} - {"REG"})
