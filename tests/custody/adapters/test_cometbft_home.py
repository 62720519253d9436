"""A node's files: keys for their owner alone, and a genesis whose validators are the ledger's."""

import json
import stat
import subprocess
import tomllib
from base64 import b64decode
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody.adapters.cometbft_home import (
    Seat,
    Trusted,
    chain_genesis,
    has_genesis,
    make_home,
    read_home,
    write_genesis,
    write_settings,
)
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import genesis as other_genesis
from tests.custody.network import cometbft_or_skip
from tests.custody.validators import LEDGER, VALIDATORS, VOTES, genesis, vote_key


def seat(folder: Path, name: str = "OP") -> Seat:
    return Seat(name, folder / name, "node.example:1111", 2222, SigningKey(name.encode().ljust(32)), VOTES[name])


def test_the_chain_is_named_after_its_ledger_and_begins_with_its_validators() -> None:
    found = chain_genesis(genesis())
    assert found["chain_id"] == f"tallyward-{LEDGER.hex()}"
    assert len(str(found["chain_id"])) <= 50  # CometBFT's own limit
    assert found["genesis_time"] == "2026-03-01T00:00:00Z"
    validators = json.loads(json.dumps(found["validators"]))
    assert {one["name"]: b64decode(one["pub_key"]["value"]) for one in validators} == {
        one: vote_key(one) for one in VALIDATORS
    }
    assert {one["power"] for one in validators} == {"1"}


def test_only_the_owner_reads_a_home(tmp_path: Path) -> None:
    one = seat(tmp_path)
    make_home(one)
    write_genesis(one.home, genesis())
    write_settings(one, "127.0.0.1:1111", [seat(tmp_path, "OP2").peer, one.peer])
    found = [*one.home.rglob("*"), one.home]
    assert len(found) > 8
    assert not any(stat.S_IMODE(each.stat().st_mode) & 0o077 for each in found)
    settings = tomllib.loads((one.home / "config" / "config.toml").read_text())
    assert settings["p2p"]["persistent_peers"] == seat(tmp_path, "OP2").peer
    for section in ("p2p", "rpc"):
        assert settings[section]["laddr"].startswith("tcp://127.0.0.1:")
    with pytest.raises(TallywardError, match="home_exists"):
        make_home(one)


def test_a_home_is_read_as_it_was_made(tmp_path: Path) -> None:
    one = Seat('a "name" \\', tmp_path / "made", "[::1]:1", 2, SigningKey.generate(), SigningKey.generate())
    make_home(one)
    write_settings(one, "[::1]:1", [])
    assert read_home(one.home) == one
    assert tomllib.loads((one.home / "config" / "config.toml").read_text())["moniker"] == one.name
    with pytest.raises(TallywardError, match="no_node"):
        read_home(tmp_path)
    (one.home / "node.json").write_text('{"member": "OP"}')
    with pytest.raises(TallywardError, match="file_unreadable"):
        read_home(one.home)


def test_a_chain_is_not_changed_for_another(tmp_path: Path) -> None:
    one = seat(tmp_path)
    make_home(one)
    assert not has_genesis(one.home)
    for _ in range(2):
        write_genesis(one.home, genesis())
    assert has_genesis(one.home)
    with pytest.raises(TallywardError, match="ledger_exists"):
        write_genesis(one.home, other_genesis())


def test_who_comes_late_begins_with_a_block_that_is_trusted(tmp_path: Path) -> None:
    trusted = Trusted(12, "AB" * 32, ("127.0.0.1:1", "127.0.0.1:2"))
    for name, begins in (("OP", trusted), ("OP2", None)):
        one = seat(tmp_path, name)
        make_home(one)
        write_settings(one, one.p2p, [], begins)
    found, other = (tomllib.loads((tmp_path / name / "config" / "config.toml").read_text()) for name in ("OP", "OP2"))
    sync = found["statesync"]
    assert (sync["enable"], sync["trust_height"], sync["trust_hash"]) == (True, 12, "AB" * 32)
    assert sync["rpc_servers"] == "127.0.0.1:1,127.0.0.1:2"
    assert "statesync" not in other


def test_cometbft_reads_the_keys_as_we_do(tmp_path: Path) -> None:
    program = cometbft_or_skip()
    one = seat(tmp_path)
    make_home(one)

    def said(word: str) -> str:
        words = [str(program), word, "--home", str(one.home)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    assert said("show-node-id") == one.peer.partition("@")[0]
    assert b64decode(json.loads(said("show-validator"))["value"]) == vote_key("OP")
