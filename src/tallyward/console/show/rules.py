"""Rules as answers."""

from collections.abc import Mapping, Sequence
from typing import Final

from tallyward.console.look_up import both
from tallyward.console.views.rules import (
    RuleCondition,
    RuleDiff,
    RuleDifference,
    RuleLimit,
    RuleProblem,
    RuleRow,
    RuleVersion,
)
from tallyward.console.views.shared import Words
from tallyward.detect.cards import rule_diff
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.unknown import VERSION, BuiltIn
from tallyward.detect.kept_rules import Action, Version
from tallyward.kernel.catalogue import Language
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.ids import RuleId

MOST_VERSIONS: Final = 200


def rule_row(rule: Rule, newest: Version | None) -> RuleRow:
    """A rule that is in use."""
    return RuleRow(
        id=rule.id,
        version=rule.version,
        severity=rule.severity,
        title=Words(en=rule.title["en"], zh_cn=rule.title["zh-CN"]),
        description=Words(en=rule.description["en"], zh_cn=rule.description["zh-CN"]),
        limits=[
            RuleLimit(name=name, value=str(value), usual=rule.limit_texts[name] if name in rule.baselines else None)
            for name, value in rule.limits.items()
        ],
        conditions=[RuleCondition(kind=kind, text=text) for fault in rule.faults for kind, text in fault.texts.items()],
        in_use=True,
        source="kept" if newest is not None and newest.text is not None else "files",
        number=newest.number if newest else None,
        changed_at=newest.at if newest else None,
    )


def retired_row(newest: Version, last: Rule | None) -> RuleRow:
    """A rule that was taken out of use, as its files have it (`last`) or by its id alone."""
    known = (
        rule_row(last, newest)
        if last
        else RuleRow(
            id=newest.rule,
            version="",
            severity="low",
            title=Words(en=newest.rule, zh_cn=newest.rule),
            description=Words(en="", zh_cn=""),
            limits=[],
            conditions=[],
            in_use=False,
            source="kept",
            number=newest.number,
            changed_at=newest.at,
        )
    )
    return known.model_copy(update={"in_use": False, "version": ""})


def built_in_row(rule: BuiltIn) -> RuleRow:
    """What the platform itself finds."""
    return RuleRow(
        id=rule.id,
        version=VERSION,
        severity=rule.severity,
        title=both(f"detect.rule.{rule.name}.title"),
        description=both(f"detect.rule.{rule.name}.description"),
        limits=[],
        conditions=[],
        in_use=True,
        source="platform",
        number=None,
        changed_at=None,
    )


def version_rows(versions: Sequence[Version]) -> list[RuleVersion]:
    """Versions, newest first: the first is in use, unless it says that the rule is not."""
    return [
        RuleVersion(
            number=one.number,
            action=one.action.value,
            version=one.version,
            has_text=one.text is not None,
            author=one.author,
            at=one.at,
            note=one.note,
            in_use=place == 0 and one.action is not Action.RETIRE,
        )
        for place, one in enumerate(versions[:MOST_VERSIONS])
    ]


def retired(kept: Mapping[RuleId, Version]) -> list[Version]:
    """Rules whose newest version says that they are not in use."""
    return [one for one in kept.values() if one.action is Action.RETIRE]


def problem_of(refusal: TallywardError, language: Language) -> RuleProblem:
    """What is wrong with a text, and where."""
    line, column = (refusal.parameters.get(name) for name in ("line", "column"))
    return RuleProblem(
        code=refusal.code,
        detail=refusal.sentence(language),
        next=refusal.next_step(language),
        line=line if isinstance(line, int) else 1,
        column=column if isinstance(column, int) else 1,
    )


def diff_of(found: rule_diff.RuleDiff) -> RuleDiff:
    """What differs between two rules that are there."""
    return RuleDiff(
        before=found.before or "",
        after=found.after or "",
        before_version=found.before_version or "",
        after_version=found.after_version or "",
        finds_the_same=found.finds_the_same,
        differences=[
            RuleDifference(place=one.place, before=one.before, after=one.after, finds=one.finds)
            for one in found.differences
        ],
    )
