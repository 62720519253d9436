"""A member's own node: its first entry judged before anybody signs, one process at a time, quick to start again."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody.adapters.cometbft_home import read_home
from tallyward.custody.adapters.cometbft_network import free_ports
from tallyward.custody.authority import Purpose
from tallyward.custody.entry import parse_entry
from tallyward.custody.signing import countersigned
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.node import (
    OwnFounder,
    begin_node,
    draft_first,
    make_node,
    node_standing,
    read_first,
    running_node,
)
from tests.custody.chain import RULES, START, genesis
from tests.custody.network import cometbft_or_skip, until
from tests.custody.validators import lot

KEY = SigningKey(b"k" * 32)
OP = OwnFounder("OP", "operator", "Operator", bytes(KEY.verify_key))


def test_keys_say_what_they_are_for() -> None:
    votes = [b"v" * 32]
    one = OP.member(votes)
    assert dict(one.keys)[OP.public] == Purpose.TRADE | Purpose.GOVERN | Purpose.REAL_NAME
    assert dict(one.keys)[votes[0]] == Purpose.VALIDATE
    apart = OwnFounder("OP", "operator", "Operator", OP.public, b"r" * 32).member([])
    assert dict(apart.keys) == {OP.public: Purpose.TRADE | Purpose.GOVERN, b"r" * 32: Purpose.REAL_NAME}


def test_what_can_begin_no_ledger_is_refused_before_it_is_signed(tmp_path: Path) -> None:
    line = make_node(tmp_path / "node", "OP", "127.0.0.1:1", 2)
    with pytest.raises(TallywardError, match="validator_no_founder"):
        draft_first("o", [OP], [], (RULES,))
    with pytest.raises(TallywardError, match="one_vote_each"):
        draft_first("o", [OP], [line, line._replace(vote=b"b" * 32)], (RULES,))
    with pytest.raises(TallywardError, match="genesis_invalid"):
        draft_first("o", [OP, OP], [line], (RULES,))
    with pytest.raises(TallywardError, match="genesis_invalid"):
        read_first(lot("A"))


def test_who_has_signed_is_told_by_signatures_that_hold(tmp_path: Path) -> None:
    line = make_node(tmp_path / "node", "OP", "127.0.0.1:1", 2)
    draft = draft_first("o", [OP], [line], (RULES,), FixedClock(START))
    assert read_first(draft).missing == ("OP",)
    whole = countersigned(parse_entry(draft).body, KEY)
    assert read_first(whole).missing == ()
    broken = bytearray(whole)
    broken[-1] ^= 1
    assert read_first(bytes(broken)).missing == ("OP",)
    with pytest.raises(TallywardError, match="signature_invalid"):
        begin_node(tmp_path / "node", bytes(broken))
    assert begin_node(tmp_path / "node", whole)
    assert not begin_node(make_other(tmp_path), whole)
    with pytest.raises(TallywardError, match="ledger_exists"):
        begin_node(tmp_path / "node", genesis())


def make_other(folder: Path) -> Path:
    """A node that validates nothing."""
    make_node(folder / "other", "RES", "127.0.0.1:1", 2)
    return folder / "other"


@pytest.mark.slow
def test_one_process_runs_it_and_it_tells_how_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cometbft_or_skip()
    monkeypatch.setattr("tallyward.wiring.custody.node._REMAINS", 0.1)
    p2p, rpc = free_ports(2)
    home = tmp_path / "node"
    line = make_node(home, "OP", f"127.0.0.1:{p2p}", rpc)
    begin_node(home, countersigned(parse_entry(draft_first("o", [OP], [line], (RULES,))).body, KEY))
    with running_node(home, []) as running:
        assert read_home(home) == running.seat
        with pytest.raises(TallywardError, match="folder_in_use"), running_node(home, []):
            pass
        until(lambda: node_standing(home).seen.blocks > 1)
        found = node_standing(home)
        assert (found.line, found.seen.votes[0].member, found.seen.votes[0].signed) == (line, "OP", True)
        assert found.log_key.startswith("o+")
    with pytest.raises(TallywardError, match="node_unreachable"):
        node_standing(home)
