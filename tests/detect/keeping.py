"""Kept rules and the whitelist on a real database, beside the registry's sample fleet."""

from dataclasses import dataclass, field
from functools import cached_property

from tallyward.detect.adapters.sql_rules import SqlRules
from tallyward.detect.adapters.sql_whitelist import SqlWhitelist
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.rule_keeping import RuleKeeping
from tallyward.detect.whitelisting import Whitelist
from tallyward.registry.adapters.sql_audit import write_audit
from tests.detect.rule_making import fault, rule_text
from tests.registry.world import World


def peers(most: int, rule: str = "P1", title: str = "text") -> bytes:
    """The text of a rule on peers that passes its own tests; `title` changes nothing of what it finds."""
    one = fault(card="count_distinct(peer) > most_peers", observed="count_distinct(peer)", limit="most_peers")
    many = [{"peer": number + 1} for number in range(most + 1)]
    trials = [{"name": "many", "records": many, "hit": True}, {"name": "none", "records": [], "hit": False}]
    titles = {"en": title, "zh-CN": "文字"}
    return rule_text(one, rule=rule, limits={"most_peers": most}, tests=trials, title=titles).encode()


@dataclass
class Keeping:
    """A database and the services on it; `book` are the rules of the files."""

    url: str
    world: World
    book: RuleBook = field(default_factory=RuleBook.load)

    @cached_property
    def rules(self) -> RuleKeeping:
        return self.other_process()

    @cached_property
    def whitelist(self) -> Whitelist:
        store = SqlWhitelist(self.world.sessions, write_audit)
        return Whitelist(store, self.world.registry, self.rules.book, self.world.clock)

    def other_process(self) -> RuleKeeping:
        """The same rules, kept by somebody who knows nothing of what this one did."""
        store = SqlRules(self.world.sessions, write_audit)
        return RuleKeeping(store, self.book, self.world.clock, self.world.registry.speaks_for_all)
