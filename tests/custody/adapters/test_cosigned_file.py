"""What witnesses signed is kept for its head alone, whole or not at all, whoever else keeps more of it."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody import checkpoint
from tallyward.custody.adapters.cosigned_file import CosignedFile
from tallyward.custody.checkpoint import Checkpoint, SignedCheckpoint
from tallyward.kernel.errors import TallywardError

HEAD = Checkpoint("ledger.example/t", 4, b"r" * 32)
OWN, ONE, TWO = (checkpoint.sign(HEAD, name, SigningKey(name.encode() * 32)) for name in "abc")
BARE = SignedCheckpoint(HEAD, (OWN,))


def test_signatures_of_several_processes_come_together(tmp_path: Path) -> None:
    one, two = CosignedFile(tmp_path / "cosigned.note"), CosignedFile(tmp_path / "cosigned.note")
    assert one.merged(BARE) == BARE
    one.keep(BARE.with_signature(ONE))
    whole = two.keep(BARE.with_signature(TWO))
    assert set(whole.signatures) == {OWN, ONE, TWO}
    assert one.merged(BARE) == whole
    assert not list(tmp_path.glob("*.new"))


def test_another_head_has_none_of_them(tmp_path: Path) -> None:
    one = CosignedFile(tmp_path / "cosigned.note")
    one.keep(BARE.with_signature(ONE))
    other = SignedCheckpoint(Checkpoint("ledger.example/t", 5, b"r" * 32), (OWN,))
    assert one.merged(other) == other
    assert one.keep(other) == other
    assert one.merged(BARE) == BARE


def test_a_broken_file_counts_as_none_and_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "cosigned.note").write_bytes(b"\xff nonsense")
    one = CosignedFile(tmp_path / "cosigned.note")
    assert one.merged(BARE) == BARE
    assert one.keep(BARE.with_signature(ONE)) == one.merged(BARE)


def test_what_can_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cosigned.note").mkdir()
    with pytest.raises(TallywardError, match="not_durable"):
        CosignedFile(tmp_path / "cosigned.note").keep(BARE)
