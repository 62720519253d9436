import os
import signal
from pathlib import Path

import pytest

from tallyward.kernel.errors import ConflictError
from tallyward.wiring.custody.network import trial_network
from tests.custody.network import cometbft_or_skip, until


@pytest.mark.slow
def test_a_network_is_seen_while_it_runs_and_leaves_nothing_behind(tmp_path: Path) -> None:
    cometbft_or_skip()
    with trial_network(tmp_path / "trial", 4) as watched:
        until(lambda: all(one.height for one in watched.seen()))
        seen = watched.seen()
        assert [one.name for one in seen] == ["ORG1", "ORG2", "ORG3", "ORG4"]
        assert {(one.size, len(one.root)) for one in seen} == {(2, 64)}
        processes = watched.processes
        assert len(processes) == 8
        with pytest.raises(ConflictError, match="folder_in_use"), trial_network(tmp_path / "trial", 4):
            pass
        assert seen[1].process in processes
        os.kill(processes[3], signal.SIGKILL)
        until(lambda: watched.seen()[1].process is None)
        assert watched.seen()[1].root == ""
        assert all(one.process for one in watched.seen() if one.name != "ORG2")
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
