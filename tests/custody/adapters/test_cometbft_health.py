"""How validators do, asked of real ones: who signs, who does not, and who is not heard at all."""

from contextlib import closing
from pathlib import Path

import pytest

from tallyward.custody.adapters.cometbft_health import consensus
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.kernel.errors import TallywardError
from tests.custody.adapters.test_cometbft_rpc import node, results
from tests.custody.network import has, network, until
from tests.custody.validators import VALIDATORS, vote_key


@pytest.mark.slow
def test_who_signs_and_who_does_not(tmp_path: Path) -> None:
    with network(tmp_path) as nodes, closing(CometRpc(nodes.nodes["OP"].seat.address, 60)) as rpc:
        until(has(2, *nodes.nodes.values()))
        until(lambda: consensus(rpc).blocks > 3)
        until(lambda: all(one.signed for one in consensus(rpc).votes))
        seen = consensus(rpc)
        assert [(one.member, one.public, one.power) for one in seen.votes] == [
            (name, vote_key(name), 1) for name in sorted(VALIDATORS)
        ]
        assert (seen.behind, seen.peers, seen.entries) == (False, 3, 2)
        nodes.nodes["RES"].kill()
        until(lambda: {one.member for one in consensus(rpc).votes if not one.signed} == {"RES"})
        until(lambda: consensus(rpc).peers == 2)
        height = consensus(rpc).height
        until(lambda: consensus(rpc).height > height + 3)
        votes = {one.member: one for one in consensus(rpc).votes}
        assert votes["RES"].missed >= 3
        assert votes["OP"].missed < votes["RES"].missed


def test_something_else_that_answers_is_refused() -> None:
    sync = {"latest_block_height": "1", "latest_app_hash": "", "latest_block_time": "2026-03-01T00:00:00Z"}
    answer = {"sync_info": sync | {"catching_up": False}, "response": {"code": 0, "value": "e30="}}
    with node(results(answer)) as rpc, pytest.raises(TallywardError, match="node_unreachable"):
        consensus(rpc)
