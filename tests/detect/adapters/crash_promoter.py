"""Promotes a rule and is killed before its commit. Run as a program by the test beside it."""

import os
import signal
import sys

from sqlalchemy.orm import Session

from tallyward.detect.adapters.sql_rules import SqlRules
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import SystemClock
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.audit import AuditEntry
from tests.detect.keeping import peers


def die(session: Session, _entry: AuditEntry) -> None:
    """The version is written to the open transaction; then the process is gone."""
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    store = SqlRules(scoped_sessions(open_engine(sys.argv[1])), die)
    RuleKeeping(store, RuleBook.load(), SystemClock(), lambda _actor: True).promote(PLATFORM, peers(5))
