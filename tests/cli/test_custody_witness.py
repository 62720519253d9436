"""The command: a witness that is killed at any moment never signs back."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tallyward.cli.custody_witness import witness
from tallyward.cli.root import run
from tallyward.custody import checkpoint, verify_receipt
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_http import WitnessHttp
from tallyward.custody.checkpoint import WITNESS
from tallyward.custody.note_keys import parse_key
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.witness import make_secret, witnessing
from tests.custody.adapters.witnessing import LOG
from tests.custody.chain import ORIGIN
from tests.custody.conftest import open_ledger  # noqa: F401 - a fixture
from tests.custody.test_witness import forged, grow

START = "import sys; from tallyward.cli.root import run; import tallyward.cli; sys.exit(run(['custody', 'witness', *sys.argv[1:]]))"


def started(folder: Path) -> tuple[subprocess.Popen[str], WitnessHttp]:
    """The command in a process of its own."""
    words = ["--log-key", LOG.text(), "--key", str(folder / "w.key"), "--name", "w1", "--folder", str(folder / "heads")]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TALLYWARD_LANG": "en"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    key = parse_key(process.stdout.readline().strip(), WITNESS)
    address = process.stderr.readline().rstrip(".\n").rpartition(" ")[2]
    return process, WitnessHttp(address, key)


def ended(process: subprocess.Popen[str]) -> str:
    """What it said to the end."""
    out, err = process.communicate(timeout=20)
    return out + err


def test_killed_at_any_moment_it_signs_nothing_back(
    open_ledger: Callable[[], SqliteLedger],  # noqa: F811
    tmp_path: Path,
) -> None:
    ledger = open_ledger()
    chance = random.Random(1)
    signed = 0
    for turn in range(4):
        process, asked = started(tmp_path)
        if signed:
            with pytest.raises(TallywardError, match=r"head_stale|witness_refused"):
                WitnessHttp(asked._url.removesuffix("/add-checkpoint"), asked.key).cosign(
                    forged(signed - 1), lambda _: []
                )
        for step in range(chance.randint(1, 4)):
            grow(ledger, f"{turn}-{step}")
            asked.cosign(ledger.head(), lambda old: ledger.consistency(old, ledger.head().head.size))
            signed = ledger.head().head.size
        grow(ledger, f"{turn}-last")
        time.sleep(chance.random() / 100)
        os.kill(process.pid, signal.SIGKILL)
        ended(process)
    process, asked = started(tmp_path)
    asked.cosign(ledger.head(), lambda old: ledger.consistency(old, ledger.head().head.size))
    process.terminate()
    assert ended(process) == ""
    assert process.returncode == 0
    assert (tmp_path / "w.key").stat().st_mode & 0o077 == 0


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    assert isinstance(witness, click.Command)
    assert "--log-key" in CliRunner().invoke(witness, ["--help"]).output
    words = ["--log-key", LOG.text(), "--key", str(tmp_path / "none"), "--folder", str(tmp_path / "heads")]
    with pytest.raises(TallywardError, match="witness_key_missing"):
        witness.main(words, standalone_mode=False)
    assert not (tmp_path / "heads").exists()


def test_a_ledger_asks_witnesses_and_its_receipts_carry_what_they_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    begin = ["custody", "begin", "--origin", ORIGIN, "--operator", "OP=Operator", "--regulator", "REG=Regulator"]
    assert run([*begin, "--folder", home]) == 0
    log = capsys.readouterr().out.strip()
    own = make_secret(tmp_path / "w.key", "w1")
    with witnessing(own, [log], tmp_path / "heads", "127.0.0.1", 0) as address:
        ask = ["custody", "cosign", "--folder", home, "--witness", address, own.key.text()]
        assert run(ask) == 0
        note = checkpoint.parse(capsys.readouterr().out)
        assert note.signed_by([own.key]) == [own.key]
        gone = ["--witness", "http://127.0.0.1:1", own.key.text()]
        assert run([*ask, *gone, "--least", "1"]) == 0
        assert "witness_unreachable" in capsys.readouterr().err
        assert run([*ask, *gone]) == 6
        assert "witnesses_missing" in capsys.readouterr().err
    assert run(["custody", "receipt", "0", "--folder", home]) == 0
    receipt = capsys.readouterr().out
    assert verify_receipt.verify(receipt, log, [own.key.text()])["witnesses"] == ["w1"]
    assert run(["custody", "verify", "--folder", home]) == 0
