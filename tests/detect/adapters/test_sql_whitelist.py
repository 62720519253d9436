import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tallyward.detect.adapters.sql_whitelist import SqlWhitelist
from tallyward.detect.whitelist import Reach
from tallyward.detect.whitelisting import NewEntry, Whitelist
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import TallywardError
from tallyward.registry.audit import AuditEntry
from tests.detect.keeping import Keeping
from tests.registry.world import ICCIDS, NOW

WISH = NewEntry(None, Reach.CARD, ICCIDS[0], "trial", NOW + timedelta(days=1))


def test_an_entry_whose_audit_entry_can_not_be_written_is_not_kept(keeping: Keeping) -> None:
    def broken(_session: Session, _entry: AuditEntry) -> None:
        raise RuntimeError("the audit log can't be written")

    store = SqlWhitelist(keeping.world.sessions, broken)
    with pytest.raises(RuntimeError):
        Whitelist(store, keeping.world.registry, keeping.rules.book, keeping.world.clock).add(PLATFORM, WISH)
    assert store.valid(NOW) == store.entries(PLATFORM.scope, 10) == ()
    keeping.whitelist.add(PLATFORM, WISH)
    with pytest.raises(RuntimeError):
        Whitelist(store, keeping.world.registry, keeping.rules.book, keeping.world.clock).remove(PLATFORM, 1)
    assert store.valid_numbers(NOW) == (1,)


def test_entries_made_at_once_are_all_kept_and_of_two_removals_one_is(keeping: Keeping) -> None:
    start, removed = threading.Barrier(3), []

    def work() -> None:
        start.wait()
        keeping.whitelist.add(PLATFORM, WISH)
        start.wait()
        try:
            removed.append(keeping.whitelist.remove(PLATFORM, 1))
        except TallywardError as refusal:
            assert refusal.code == "detect.whitelist_over"

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.id for entry in keeping.whitelist.entries(PLATFORM)] == [3, 2, 1]
    assert len(removed) == 1
