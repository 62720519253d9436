"""Rule texts that were promoted, each kept as a version, laid over the rules that come from files. Pure.

The newest version of a rule says what is in use: its text, the text of the files (`text` None), or nothing (retired).
Versions are added and never changed, so what was in use when can be told for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_file import MOST_RULES, load_rules
from tallyward.detect.cards.trial import check_trials
from tallyward.kernel.actor import PLATFORM, Scope
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import EnterpriseId, RuleId

FILES: Final = 0
"""The number that stands for the text of the rule files."""
LONGEST_NOTE: Final = 500
GIVEN: Final = "rule.yaml"
"""What a text is called in refusals where it came without a file's name."""


class Action(StrEnum):
    """How a version came to be."""

    PROMOTE = "promote"
    ROLL_BACK = "rollback"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule. `number` counts from 1 for each rule; `version` names what the text finds.

    `text` None: the text of the rule files is in use again, or, of RETIRE, the rule is not in use at all.
    """

    rule: RuleId
    number: int
    action: Action
    version: str
    text: str | None
    author: str | None
    enterprise: EnterpriseId | None
    at: datetime
    note: str

    def seen_by(self, scope: Scope) -> "Version":
        """The version without author and note where these are of another enterprise's people."""
        own = scope.enterprise in {None, self.enterprise} or self.author == PLATFORM.name
        return self if own else replace(self, author=None, note="")


def read_rule(data: bytes, file: str = GIVEN) -> Rule:
    """The one rule of a text, checked as the rule book does it, its tests run.

    Refuses with `detect.rule_*`, which name line and column; `detect.rule_one` where the text holds several rules.
    """
    rules = load_rules(data, file)
    if len(rules) != 1:
        raise refused(Place(file, 1, 1), "detect.rule_one", rules=len(rules))
    check_trials(rules[0])
    return rules[0]


def overlaid(base: RuleBook, newest: Iterable[Version]) -> RuleBook:
    """The rules in use: those of the files, each replaced, left out or joined by its newest kept version."""
    rules = {rule.id: rule for rule in base.rules}
    for one in sorted(newest, key=lambda version: version.rule):
        if one.text is not None:
            rules[one.rule] = load_rules(one.text.encode(), f"{one.rule} #{one.number}")[0]
        elif one.action is Action.RETIRE:
            rules.pop(one.rule, None)
    return RuleBook.of(rules.values())


def in_use(files: Rule | None, newest: Version | None) -> tuple[str, str] | None:
    """(version, text) of a rule in use, None where it is not; told without reading the text."""
    if newest is not None and newest.text is not None:
        return newest.version, newest.text
    if files is None or (newest is not None and newest.action is Action.RETIRE):
        return None
    return files.version, files.text


def named_text(rule: RuleId, to: str, kept: Sequence[Version], files: Rule | None) -> tuple[str, str | None]:
    """(version, text) of what `to` names: a number, what a version is called (the newest of that name), or 0.

    A text of None is that of the files. `kept`: newest first. Refuses with `detect.no_rule`, `detect.no_version`.
    """
    for one in kept:
        if one.action is not Action.RETIRE and to in {str(one.number), one.version}:
            return one.version, one.text
    if files is not None and to in {str(FILES), files.version}:
        return files.version, None
    if not kept and files is None:
        raise NotFoundError("detect.no_rule", rule=rule[:40])
    raise NotFoundError("detect.no_version", rule=rule[:40], to=to[:40])


def named_rule(rule: RuleId, to: str, kept: Sequence[Version], files: Rule | None) -> Rule:
    """The rule of the version that `to` names, as `named_text` finds it.

    Refuses with `detect.no_version` too where that was the files' text, and they have another one by now.
    """
    version, text = named_text(rule, to, kept, files)
    if text is not None:
        return load_rules(text.encode(), f"{rule} #{to}")[0]
    if files is None or files.version != version:
        raise NotFoundError("detect.no_version", rule=rule[:40], to=to[:40])
    return files


def check_room(base: RuleBook, newest: Iterable[Version]) -> None:
    """Refuse versions that leave no rule in use, or too many: `detect.rule_last`, `detect.rule_many`."""
    kept = {one.rule: one for one in newest}
    files = {rule.id: rule for rule in base.rules}
    used = [rule for rule in {**files, **kept} if in_use(files.get(rule), kept.get(rule))]
    if not used:
        raise InvalidError("detect.rule_last")
    if len(used) > MOST_RULES:
        raise refused(Place(used[-1], 1, 1), "detect.rule_many", most=MOST_RULES)


def checked_note(note: str) -> str:
    """Trimmed; refuses with `detect.rule_note`."""
    text = note.strip()
    if len(text) > LONGEST_NOTE or "\x00" in text:
        raise InvalidError("detect.rule_note", most=LONGEST_NOTE)
    return text
