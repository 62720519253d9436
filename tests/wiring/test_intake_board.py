import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tallyward.kernel.clock import FixedClock, SystemClock
from tallyward.kernel.errors import UnavailableError
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.intake_state import Behind, Doing, IntakeKind, Standing
from tallyward.wiring.intake_board import IntakeBoard

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def board_of(folder: Path) -> IntakeBoard:
    return IntakeBoard(folder, SystemClock())


def standing(board: IntakeBoard) -> Standing:
    found = Standing(IntakeKind.DROP, "/drop", "msc", SystemClock(), board)
    found.belongs_to(EnterpriseId(4))
    return found


def test_another_process_reads_what_one_shows(tmp_path: Path) -> None:
    board = board_of(tmp_path / "intake")
    assert board.states() == ()
    mine = standing(board)
    mine.stops(UnavailableError("records.disk_low", free=3, floor=512), Behind(7, 70, NOW))
    assert board_of(tmp_path / "intake").states() == (mine.state,)
    mine.takes(Behind())
    assert board.states()[0].doing is Doing.TAKING


def test_an_intake_whose_process_is_gone_is_off(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.wiring.test_intake_board import *; "
        "standing(board_of(Path(sys.argv[1]))).takes(Behind(3))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=True, env=environment, cwd=Path(__file__).parents[2]
    )
    (state,) = board_of(tmp_path).states()
    assert (state.doing, state.behind.waiting) == (Doing.OFF, 3)


def test_one_that_has_not_shown_itself_for_long_is_off_whoever_has_its_number_now(tmp_path: Path) -> None:
    standing(board_of(tmp_path))
    later = FixedClock(datetime.now(UTC) + timedelta(hours=1))
    assert IntakeBoard(tmp_path, later).states()[0].doing is Doing.OFF
    assert board_of(tmp_path).states()[0].doing is Doing.WATCHING


def test_a_full_disk_does_not_keep_it_from_telling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there is written over in place; where nothing can be written at all, the intake goes on."""
    board = board_of(tmp_path)
    mine = standing(board)
    inode = (tmp_path / "drop.json").stat().st_ino
    mine.stops(UnavailableError("records.disk_full", folder="/data"))
    assert ((tmp_path / "drop.json").stat().st_ino, (tmp_path / "drop.json").stat().st_size) == (inode, 4096)

    def refuse(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "pwrite", refuse)
    mine.takes(Behind())
    assert board.states()[0].reason_code == "records.disk_full"


def test_half_a_state_is_no_state(tmp_path: Path) -> None:
    board = board_of(tmp_path)
    standing(board)
    (tmp_path / "drop.json").write_text('{"kind": "drop", "pla')
    assert board.states() == ()


def test_stopping_and_going_on_are_logged_once_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tallyward.wiring.logs import set_up_logs

    set_up_logs(as_json=True)
    mine = standing(board_of(tmp_path))
    for _ in range(3):
        mine.stops(UnavailableError("records.disk_full", folder="/data"))
    mine.takes(Behind())
    mine.watches(Behind(), 0)
    logged = capsys.readouterr().err.splitlines()
    assert [("stopped" in entry, "goes on" in entry) for entry in logged] == [(True, False), (False, True)]
    assert '"level": "error"' in logged[0]
    assert "records.disk_full" in logged[0]
