import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tallyward.detect.adapters.sql_rules import SqlRules, from_micros, to_micros
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import RuleId
from tallyward.registry.audit import AuditEntry
from tests.detect.keeping import Keeping, peers
from tests.registry.world import NOW

ROOT = Path(__file__).resolve().parents[3]


def test_a_version_whose_audit_entry_can_not_be_written_is_not_kept(keeping: Keeping) -> None:
    def broken(_session: Session, _entry: AuditEntry) -> None:
        raise RuntimeError("the audit log can't be written")

    store = SqlRules(keeping.world.sessions, broken)
    with pytest.raises(RuntimeError):
        RuleKeeping(store, keeping.book, keeping.world.clock, lambda _: True).promote(PLATFORM, peers(5))
    assert store.newest() == (0, ())


def test_killed_before_the_commit_nothing_is_kept_and_nobody_waits(keeping: Keeping) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("crash_promoter.py")), keeping.url],
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    store = SqlRules(keeping.world.sessions, lambda _session, _entry: None)
    assert store.newest() == (0, ())
    assert keeping.rules.promote(PLATFORM, peers(6)).number == 1
    assert store.changes() == 1


def test_the_count_of_changes_is_that_of_versions_of_all_rules(keeping: Keeping) -> None:
    store = SqlRules(keeping.world.sessions, lambda _session, _entry: None)
    for most, rule in ((5, "P1"), (6, "P1"), (5, "P2")):
        keeping.rules.promote(PLATFORM, peers(most, rule))
    changes, newest = store.newest()
    assert changes == store.changes() == 3
    assert [(one.rule, one.number) for one in newest] == [("P1", 2), ("P2", 1)]
    assert [one.number for one in store.versions(RuleId("P1"))] == [2, 1]


def test_times_are_kept_to_the_microsecond() -> None:
    assert from_micros(to_micros(NOW)) == NOW
