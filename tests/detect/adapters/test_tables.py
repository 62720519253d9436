import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tallyward.detect.adapters.tables import Base, RuleVersionRow, WhitelistRow
from tallyward.kernel.actor import PLATFORM
from tallyward.registry.adapters.tenant import TenantRow
from tests.detect.keeping import Keeping, peers


def test_entries_belong_to_tenants_and_rules_to_everybody() -> None:
    assert issubclass(WhitelistRow, TenantRow)
    assert not issubclass(RuleVersionRow, TenantRow)
    assert set(Base.metadata.tables) == {"rule_state", "rule_version", "whitelist_entry"}


def test_the_database_itself_refuses_a_number_twice(keeping: Keeping) -> None:
    keeping.rules.promote(PLATFORM, peers(5))
    with pytest.raises(IntegrityError), keeping.world.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO rule_version (id, rule, number, action, version, author, at, note)"
                " VALUES (9, 'P1', 1, 'promote', 'v', 'ann', 0, '')"
            )
        )
