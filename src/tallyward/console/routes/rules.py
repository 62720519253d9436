"""The rules in force."""

from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.look_up import both
from tallyward.console.views.rules import RuleCondition, RuleLimit, RuleRow, RuleRows
from tallyward.console.views.shared import Words
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.unknown import BUILT_IN, VERSION, BuiltIn

router = APIRouter(prefix="/api/v1", tags=["rules"])


@router.get("/rules", operation_id="listRules")
def list_rules(visitor: Annotated[Visitor, Depends(Needs("read", "rule"))], services: Services) -> RuleRows:
    """All rules in force, with their limits and conditions."""
    _ = visitor  # whoever may read rules reads the same ones
    rows = [_row(rule) for rule in services.rulebook.rules] + [_built_in(rule) for rule in BUILT_IN]
    return RuleRows(rows=rows, next_cursor=None)


def _built_in(rule: BuiltIn) -> RuleRow:
    return RuleRow(
        id=rule.id,
        version=VERSION,
        severity=rule.severity,
        title=both(f"detect.rule.{rule.name}.title"),
        description=both(f"detect.rule.{rule.name}.description"),
        limits=[],
        conditions=[],
    )


def _row(rule: Rule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        version=rule.version,
        severity=rule.severity,
        title=Words(en=rule.title["en"], zh_cn=rule.title["zh-CN"]),
        description=Words(en=rule.description["en"], zh_cn=rule.description["zh-CN"]),
        limits=[RuleLimit(name=name, value=text) for name, text in rule.limit_texts.items()],
        conditions=[RuleCondition(kind=kind, text=text) for fault in rule.faults for kind, text in fault.texts.items()],
    )
