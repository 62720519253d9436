"""What differs between two texts of a rule: conditions, limits, severity, sentences. Pure.

Compared is what was checked, not how it was written: spaces, brackets that change nothing, comments and the order of
keys are no difference. Whether the rules find different things is told by their versions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tallyward.detect.cards import tree
from tallyward.detect.cards.rule import Fault, Rule, Texts, columns_of
from tallyward.detect.cards.vocabulary import Column
from tallyward.kernel.ids import RuleId


class Difference(NamedTuple):
    """One thing that differs: its place in the rule, such as `any_of.day.card`; None where a text lacks it.

    `finds`: it can change what is found, and with that the rule's version.
    """

    place: str
    before: str | None
    after: str | None
    finds: bool


@dataclass(frozen=True, slots=True)
class RuleDiff:
    """Two texts of a rule, or a rule that only one side has: its version on the other side is None."""

    before: RuleId | None
    after: RuleId | None
    before_version: str | None
    after_version: str | None
    differences: tuple[Difference, ...]

    @property
    def finds_the_same(self) -> bool:
        """Both are there and find the same."""
        return self.before_version == self.after_version


class _Part(NamedTuple):
    """A part of a rule: as checked, to compare, and as written, to show."""

    checked: str
    written: str
    finds: bool


def diff_rules(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[RuleDiff, ...]:
    """Each pair of rules, by id; one rule on each side is a pair whatever the ids. Pairs without a difference too."""
    if len(before) == len(after) == 1:
        return (diff_rule(before[0], after[0]),)
    old, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    return tuple(diff_rule(old.get(rule), new.get(rule)) for rule in dict.fromkeys([*old, *new]))


def diff_rule(before: Rule | None, after: Rule | None) -> RuleDiff:
    """What differs between two rules, in the order of a rule file; None for a rule that is not there."""
    old, new = (dict(_parts(rule)) if rule else {} for rule in (before, after))
    found = []
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place), new.get(place)
        if (was and was.checked) != (now and now.checked):
            finds = any(part.finds for part in (was, now) if part)
            found.append(Difference(place, was.written if was else None, now.written if now else None, finds))
    return RuleDiff(
        before.id if before else None,
        after.id if after else None,
        before.version if before else None,
        after.version if after else None,
        tuple(found),
    )


def _parts(rule: Rule) -> Iterator[tuple[str, _Part]]:
    yield "id", _plain(rule.id)
    yield "severity", _plain(rule.severity, finds=True)
    yield from _texts("title", rule.title)
    yield from _texts("description", rule.description)
    if rule.reference:
        yield "reference", _plain(rule.reference)
    used = {column.name for fault in rule.faults for column in columns_of(fault)}
    for name, value in rule.limit_texts.items():
        yield f"limits.{name}", _plain(value, finds=name in used)
    order = [fault.name for fault in rule.faults]
    yield "any_of", _plain(", ".join(order), finds=True)
    for fault in rule.faults:
        for key, part in _fault(fault):
            yield f"any_of.{fault.name}.{key}", part
    for trial in rule.trials:
        told = f"hit: {str(trial.hit).lower()}"
        checked = (trial.profile, trial.records, trial.on_list, trial.prone, trial.places, trial.earlier)
        yield f"tests.{trial.name}", _Part(repr((trial.hit, checked, trial.other_cards)), told, finds=False)


def _fault(fault: Fault) -> Iterator[tuple[str, _Part]]:
    for key, checked in (("record", fault.record), ("card", fault.card), ("across", fault.across)):
        if key in fault.texts:
            bare = _bare(checked) if key != "across" else fault.texts[key]
            yield key, _Part(repr(bare), fault.texts[key], finds=True)
    yield "missing", _plain(fault.missing, finds=True)
    yield "observed", _Part(repr(_bare(fault.observed)), _shown(fault.observed), finds=True)
    if fault.limit:
        yield "limit", _plain(fault.limit.name, finds=True)
    yield "origin", _plain(fault.origin.value, finds=True)
    if fault.unit:
        yield "unit", _plain(fault.unit, finds=True)
    yield from _texts("why", fault.why)
    yield from _texts("normal", fault.normal)


def _plain(value: object, *, finds: bool = False) -> _Part:
    return _Part(repr(value), str(value), finds)


def _texts(key: str, texts: Texts) -> Iterator[tuple[str, _Part]]:
    for language, text in texts.items():
        yield f"{key}.{language}", _plain(text)


def _bare(node: object) -> object:
    """The checked tree with columns by name only: a limit's number is a difference of its own, told once."""
    if isinstance(node, Column):
        return node.name
    if isinstance(node, tuple):
        return tuple(_bare(part) for part in node)
    slots = getattr(type(node), "__slots__", None)
    if slots is None:
        return node
    return (type(node).__name__, *(_bare(getattr(node, slot)) for slot in slots))


def _shown(node: tree.Scalar) -> str:
    match node:
        case Column():
            return node.name
        case tree.Number():
            return str(node.value)
        case tree.Arithmetic():
            return f"({_shown(node.left)} {node.operator} {_shown(node.right)})"
    return f"{node.function}({_shown(node.of) if node.of is not None else ''})"
