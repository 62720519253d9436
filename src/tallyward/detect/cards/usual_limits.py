"""Rules with what is usual of each class set into them: a limit by baseline becomes numbers by class. Pure.

A rule's version names how a limit follows from a baseline, not the numbers: what is found again after the baselines
were computed anew has the same key, and nothing is told twice. The book's version changes with the numbers.
"""

import hashlib
from dataclasses import replace
from typing import Final, TypeVar, cast

from tallyward.detect.cards import tree
from tallyward.detect.cards.baseline import UsualByName
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.vocabulary import Column

_Part = TypeVar("_Part")


def asks_for_usual(book: RuleBook) -> bool:
    """Whether a limit of the book follows from a baseline."""
    return any(rule.baselines for rule in book.rules)


def set_into(book: RuleBook, usual: UsualByName, version: str) -> RuleBook:
    """The book with its limits by baseline set. `version` names the baselines."""
    rules = tuple(_rule(rule, usual) if rule.baselines else rule for rule in book.rules)
    return RuleBook(rules, hashlib.sha256(f"{book.version} {version}".encode()).hexdigest()[:12])


def _rule(rule: Rule, usual: UsualByName) -> Rule:
    return replace(rule, faults=tuple(_fault(fault, usual) for fault in rule.faults))


def _fault(fault: Fault, usual: UsualByName) -> Fault:
    return replace(
        fault,
        record=_set(fault.record, usual),
        card=_set(fault.card, usual),
        observed=_set(fault.observed, usual),
        limit=_set(fault.limit, usual),
    )


def _set(part: _Part, usual: UsualByName) -> _Part:
    """The same tree with numbers by class in each limit that asks for them."""
    found: object = part
    if isinstance(part, Column):
        found = _column(part, usual)
    elif isinstance(part, tuple):
        found = tuple(_set(inner, usual) for inner in part)
    elif isinstance(part, _BRANCHES):
        fields = type(part).__dataclass_fields__
        found = replace(part, **{name: _set(getattr(part, name), usual) for name in fields})
    return cast("_Part", found)


_BRANCHES: Final = (
    *(tree.Arithmetic, tree.Aggregate, tree.Compare, tree.OnList, tree.Prone, tree.Present, tree.Counted),
    *(tree.And, tree.Or, tree.Not),
)


def _column(column: Column, usual: UsualByName) -> Column:
    how = column.baseline
    if how is None:
        return column
    known = usual.get(how.name, {})
    return replace(column, by_class=tuple((number, how.limit(known[number], column.most)) for number in sorted(known)))
