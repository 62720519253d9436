"""The demo's ledger: whole or not there, never over somebody's own."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tallyward.custody.authority import Purpose
from tallyward.kernel.errors import ConflictError, NotFoundError
from tallyward.simulate.chain_verdict import judge_chain
from tallyward.wiring.custody.ledger import Founder, begin_custody, custody_folder, has_custody, open_custody, read_key
from tallyward.wiring.demo_chain import CustodyVerdict, write_ledger
from tallyward.wiring.settings import read_settings
from tests.wiring.conftest import Sold


def silent(_done: int, _total: int) -> None:
    """No bar."""


def test_what_must_be_refused_was_and_the_keys_are_kept(sold: Sold) -> None:
    assert sorted(sold.written.refused) == sorted(sold.written.attempts)
    folder = custody_folder(sold.platform.settings)
    assert not [one for one in folder.parent.iterdir() if one.name.startswith(".custody")]
    with open_custody(sold.platform.settings) as opened:
        keys = sold.chain.keys
        for (member, purpose), key in keys.items():
            if purpose in {Purpose.TRADE, Purpose.REAL_NAME}:
                assert opened.keys.read(member, real_name=purpose is Purpose.REAL_NAME) == key
        assert {bytes(one.verify_key) for one in opened.governors()} == {
            bytes(key.verify_key) for (_, purpose), key in keys.items() if purpose is Purpose.GOVERN
        }
        assert opened.keys.path("mn-jiance").is_file()
        for one in (folder / "keys").iterdir():
            assert one.stat().st_mode & 0o077 == 0
            read_key(one)


@pytest.mark.parametrize("steps", [1, 4])
def test_killed_while_it_is_written_there_is_no_ledger_and_the_next_one_is_whole(
    sold: Sold, steps: int, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "tests.wiring.crash_seller", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as seller:
        assert seller.stdout
        for _ in range(steps):
            assert seller.stdout.readline()
        seller.kill()
        assert seller.wait() < 0, "it was done before it was killed"
    settings = read_settings(home=home)
    assert not has_custody(settings)
    with pytest.raises(NotFoundError, match=r"custody\.no_ledger"), open_custody(settings):
        pass
    for _ in range(2):  # the second makes the first one's place free
        assert write_ledger(settings, sold.chain, silent) == sold.written
        assert [one.name for one in home.iterdir()] == ["custody"]
    with open_custody(settings) as again, open_custody(sold.platform.settings) as first:
        assert again.service.state.root() == first.service.state.root()


def test_a_ledger_of_others_is_not_written_over(sold: Sold, tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path / "home")
    begin_custody(settings, "ledger.example/cards", [Founder("OP", "operator", "Example")], ())
    before = (custody_folder(settings) / "ledger.db").read_bytes()
    with pytest.raises(ConflictError, match=r"wiring\.custody_of_others"):
        write_ledger(settings, sold.chain, silent)
    assert (custody_folder(settings) / "ledger.db").read_bytes() == before
    (custody_folder(settings) / "ledger.db").unlink()
    with pytest.raises(ConflictError, match=r"wiring\.custody_of_others"):
        write_ledger(settings, sold.chain, silent)
    assert (custody_folder(settings) / "log.key").is_file()


def test_both_verdicts_must_be_exact() -> None:
    good, bad = judge_chain([("a", "1")], [("a", "1")]), judge_chain([("a", "1")], [])
    assert CustodyVerdict(good, good).exact
    assert not CustodyVerdict(good, bad).exact
    assert not CustodyVerdict(bad, good).exact
    assert replace(CustodyVerdict(bad, bad), breaks=good, refusals=good).exact
