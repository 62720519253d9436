import inspect

from tallyward.detect.adapters.sql_rules import SqlRules, SqlRuleWork
from tallyward.detect.adapters.sql_whitelist import SqlWhitelist
from tallyward.detect.keeping_ports import Registered, RuleStore, RuleWork, WhitelistStore
from tallyward.registry.service import RegistryService


def test_stores_and_the_registry_give_what_is_asked() -> None:
    for port, real in (
        (RuleStore, SqlRules),
        (RuleWork, SqlRuleWork),
        (WhitelistStore, SqlWhitelist),
        (Registered, RegistryService),
    ):
        wanted = {name for name, _ in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")}
        assert wanted
        assert all(callable(getattr(real, name, None)) for name in wanted), port
