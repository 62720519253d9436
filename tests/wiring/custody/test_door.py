from pathlib import Path

from tallyward.kernel.clock import SystemClock
from tallyward.wiring.custody.door import CustodyDoor
from tallyward.wiring.custody.ledger import begin_custody
from tallyward.wiring.settings import read_settings
from tests.wiring.custody.test_ledger import FOUNDERS, RULES


def test_a_ledger_that_is_begun_later_is_seen_without_a_new_start(tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path)
    door = CustodyDoor(settings, SystemClock())
    assert door() is None
    begin_custody(settings, "ledger.example/cards", FOUNDERS, RULES)
    desk = door()
    assert desk is not None
    assert door() is desk
    door.close()
