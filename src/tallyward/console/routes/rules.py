"""Rules: which are in use, their texts and versions; checking, comparing, promoting, rolling back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path

from tallyward.console.roles import may
from tallyward.console.services import ConsoleServices
from tallyward.console.show.rules import (
    MOST_VERSIONS,
    built_in_row,
    diff_of,
    problem_of,
    retired,
    retired_row,
    rule_row,
    version_rows,
)
from tallyward.console.views.rules import (
    DiffWish,
    PromoteWish,
    RetireWish,
    RollbackWish,
    RuleCheck,
    RuleDetail,
    RuleDiff,
    RuleRow,
    RuleRows,
    RuleTextAnswer,
    Side,
    TextWish,
)
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_diff import diff_rule
from tallyward.detect.cards.rule_file import load_rules
from tallyward.detect.cards.unknown import BUILT_IN
from tallyward.detect.kept_rules import read_rule
from tallyward.kernel.catalogue import prefer
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import RuleId

router = APIRouter(prefix="/api/v1/rules", tags=["rules"])
Reader = Annotated[Visitor, Depends(Needs("read", "rule_text"))]
Author = Annotated[Visitor, Depends(Needs("manage", "rule"))]
Name = Annotated[str, Path(min_length=1, max_length=64)]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


@router.get("", operation_id="listRules")
def list_rules(visitor: Annotated[Visitor, Depends(Needs("read", "rule"))], services: Services) -> RuleRows:
    """All rules in use with limits and conditions, then those of the platform itself, then retired ones."""
    kept = services.rules.kept()
    rows = [rule_row(rule, kept.get(rule.id)) for rule in services.rules.book().rules]
    rows += [built_in_row(rule) for rule in BUILT_IN]
    rows += [retired_row(one, services.rules.base(one.rule)) for one in retired(kept)]
    return RuleRows(rows=rows, next_cursor=None, may_change=_may_change(visitor, services))


@router.post("/check", operation_id="checkRule")
def check_rule(
    visitor: Author, services: Services, wish: TextWish, accept_language: Annotated[str, Header(max_length=200)] = ""
) -> RuleCheck:
    """Whether a text is a rule that passes its own tests; else what is wrong with it, with line and column."""
    _ = visitor
    try:
        rule = read_rule(wish.text.encode())
    except InvalidError as refusal:
        problem = problem_of(refusal, prefer(accept_language))
        return RuleCheck(valid=False, problems=[problem], rule=None, tests=0, in_use_version=None)
    used = services.rules.book().rule(rule.id)
    row = rule_row(rule, None).model_copy(update={"in_use": used is not None and used.text == rule.text})
    return RuleCheck(
        valid=True, problems=[], rule=row, tests=len(rule.trials), in_use_version=used.version if used else None
    )


@router.post("/diff", operation_id="diffRules")
def diff_rules(visitor: Reader, services: Services, wish: DiffWish) -> RuleDiff:
    """What differs between two texts, and whether they find the same."""
    _ = visitor
    return diff_of(diff_rule(_side(services, wish.before), _side(services, wish.after)))


@router.post("/promote", operation_id="promoteRule", status_code=201)
def promote_rule(visitor: Author, services: Services, wish: PromoteWish) -> RuleDetail:
    """Make a text the one in use of its rule; the running scans take it up by themselves."""
    made = services.rules.promote(visitor.actor, wish.text.encode(), wish.note, instead_of=wish.instead_of)
    return _detail(visitor, services, made.rule)


@router.get("/{rule}", operation_id="getRule")
def get_rule(visitor: Reader, services: Services, rule: Name) -> RuleDetail:
    """One rule: its text in use and its versions."""
    return _detail(visitor, services, RuleId(rule))


@router.get("/{rule}/versions/{number}", operation_id="getRuleText")
def get_rule_text(visitor: Reader, services: Services, rule: Name, number: Number) -> RuleTextAnswer:
    """The text of one version; number 0 is the text of the rule files."""
    _ = visitor
    return RuleTextAnswer(rule=rule, number=number, text=services.rules.text(RuleId(rule), number))


@router.post("/{rule}/rollback", operation_id="rollBackRule")
def roll_back_rule(visitor: Author, services: Services, rule: Name, wish: RollbackWish) -> RuleDetail:
    """Put an earlier version in use again; that is a new version itself."""
    services.rules.roll_back(visitor.actor, RuleId(rule), str(wish.to), wish.note)
    return _detail(visitor, services, RuleId(rule))


@router.post("/{rule}/retire", operation_id="retireRule")
def retire_rule(visitor: Author, services: Services, rule: Name, wish: RetireWish) -> RuleDetail:
    """Take a rule out of use; incidents that it opened stay, and it can be rolled back to."""
    services.rules.retire(visitor.actor, RuleId(rule), wish.note)
    return _detail(visitor, services, RuleId(rule))


def _detail(visitor: Visitor, services: ConsoleServices, rule: RuleId) -> RuleDetail:
    built_in = next((one for one in BUILT_IN if one.id == rule), None)
    if built_in is not None:
        row = built_in_row(built_in)
        return RuleDetail(rule=row, text=None, files_version=None, versions=[], may_change=False)
    versions = services.rules.versions(visitor.actor, rule)
    used, files = services.rules.book().rule(rule), services.rules.base(rule)
    return RuleDetail(
        rule=_row(services, rule, used),
        text=used.text if used else None,
        files_version=files.version if files else None,
        versions=version_rows(versions[:MOST_VERSIONS]),
        may_change=_may_change(visitor, services),
    )


def _row(services: ConsoleServices, rule: RuleId, used: Rule | None) -> RuleRow:
    newest = services.rules.kept().get(rule)
    if used is not None:
        return rule_row(used, newest)
    if newest is None:
        raise NotFoundError("detect.no_rule", rule=rule[:40])
    return retired_row(newest, services.rules.base(rule))


def _side(services: ConsoleServices, side: Side) -> Rule:
    if side.text is not None:
        return read_rule(side.text.encode())
    rule = RuleId(side.rule or "")
    text = services.rules.text(rule, side.number)
    return next(one for one in load_rules(text.encode(), f"{rule} #{side.number or 0}") if one.id == rule)


def _may_change(visitor: Visitor, services: ConsoleServices) -> bool:
    return may(visitor.user.role, "manage", "rule") and services.rules.may_change(visitor.actor)
