"""The ledger of an installation: begun once, private, its keys kept apart, opened by several."""

from pathlib import Path

import pytest

from tallyward.custody.adapters.cometbft_home import read_home
from tallyward.custody.adapters.replicated_ledger import ReplicatedLedger
from tallyward.custody.authority import Purpose
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.circulation_rules import shipped
from tallyward.custody.machine import read
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.ledger import (
    Founder,
    KeyRing,
    begin_custody,
    begin_with,
    has_custody,
    open_custody,
    open_custody_bytes,
    read_key,
)
from tallyward.wiring.custody.node import make_node
from tallyward.wiring.settings import Settings, read_settings
from tests.custody.chain import ORIGIN, START, genesis

FOUNDERS = [Founder("OP", "operator", "Operator"), Founder("REG", "regulator", "Regulator")]
RULES = (shipped("cn-2019-chain"), shipped("cn-2022"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(home=tmp_path / "home")


def test_a_ledger_is_begun_once_and_is_its_owners_alone(settings: Settings) -> None:
    assert not has_custody(settings)
    for opening in (open_custody, open_custody_bytes):
        with pytest.raises(TallywardError, match="no_ledger"), opening(settings):
            pass
    log = begin_custody(settings, "ledger.example/cards", FOUNDERS, RULES)
    with pytest.raises(TallywardError, match="ledger_exists"):
        begin_custody(settings, "ledger.example/cards", FOUNDERS, RULES)
    with open_custody(settings) as opened:
        assert opened.log == log
        assert {one.id for one in opened.service.members()} == {"OP", "REG"}
        assert len(opened.governors()) == 2
        assert len(opened.persons_key().reveal()) == 32
    for path in (settings.folder / "custody").rglob("*"):
        if path.suffix in {".db", ".key"}:
            assert path.stat().st_mode & 0o077 == 0, path.name


def test_kept_keys_say_that_they_are_kept(settings: Settings) -> None:
    begin_custody(settings, "ledger.example/cards", FOUNDERS, RULES)
    with open_custody(settings) as opened:
        rows = {row.public: row for row in opened.service.state.keys.rows.values()}
        for public in opened.keys.all():
            assert rows[public].purposes & Purpose.HOSTED
        names = bytes(opened.keys.read("OP", real_name=True).verify_key)
        assert rows[names].purposes == Purpose.REAL_NAME | Purpose.HOSTED


def test_two_have_it_open_at_once(settings: Settings) -> None:
    begin_custody(settings, "ledger.example/cards", FOUNDERS, RULES)
    with open_custody(settings) as server, open_custody(settings) as command:
        assert server.service.ledger.head() == command.service.ledger.head()


def test_it_can_begin_with_a_first_entry_that_others_signed(settings: Settings) -> None:
    log = begin_with(settings, genesis(), FixedClock(START))
    with open_custody(settings) as opened, open_custody_bytes(settings) as (stored, key):
        assert key == log == opened.log
        assert read(next(stored.entries())[1]).hash[:16] == opened.service.machine.id
        assert opened.governors() == []


def test_a_ring_of_keys_that_is_not_there_is_empty(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "none")
    assert ring.all() == {}
    with pytest.raises(TallywardError, match="no_key"):
        ring.read("OP")


def test_the_ledger_of_a_node_is_that_of_its_network(tmp_path: Path) -> None:
    node, home = tmp_path / "node", tmp_path / "home"
    beside = read_settings(home=home, custody_node=node)
    with pytest.raises(TallywardError, match="no_node"):
        has_custody(beside)
    line = make_node(node, "OP", "127.0.0.1:1", 1)
    assert not has_custody(beside)
    for opening in (open_custody, open_custody_bytes):
        with pytest.raises(TallywardError, match="node_not_begun"), opening(beside):
            pass
    with pytest.raises(TallywardError, match="node_not_begun"):
        begin_custody(beside, "ledger.example/cards", FOUNDERS, RULES)
    seat = read_home(node)
    head = read_key(seat.head_key)
    ReplicatedLedger.create(seat.ledger, genesis(), head, FixedClock(START)).close()
    with pytest.raises(TallywardError, match="ledger_exists"):
        begin_with(beside, genesis(), FixedClock(START))
    with open_custody(beside) as opened, open_custody_bytes(beside) as (stored, key):
        assert key == opened.log == NoteKey(ORIGIN, bytes(head.verify_key))
        assert opened.service.ledger.head() == next(stored.heads())
        first, proven = opened.persons_key().reveal(), opened.service.receipt(0)
        assert proven.holds
        with pytest.raises(TallywardError, match="node_unreachable"):
            opened.service.submit(genesis())
    with open_custody(beside) as again:
        assert again.persons_key().reveal() == first
    assert not (home / "custody" / "ledger.db").exists()
    assert line.member == seat.name
