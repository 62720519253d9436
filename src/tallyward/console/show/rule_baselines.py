"""What is usual of classes of cards as answers, and what limits of rules become by it."""

from collections.abc import Iterable

from tallyward.console.look_up import LookUp
from tallyward.console.views.rule_baselines import BaselineUse, ClassBaseline, ClassLimit
from tallyward.console.views.shared import Words
from tallyward.detect.cards.baseline import UsualByName
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.vocabulary import Column, limit_column
from tallyward.detect.usual import ClassUsual
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.errors import TallywardError
from tallyward.registry.model import CardClass


def class_baseline(one: ClassUsual, look_up: LookUp) -> ClassBaseline:
    """One class."""
    return ClassBaseline(
        card_class=look_up.card_class(one.card_class),
        card_days=one.card_days,
        known=one.known,
        values=one.values,
        hours=list(one.shares),
    )


def damage_of(refusal: TallywardError | None) -> Words | None:
    """What is damaged, and what to do."""
    if refusal is None:
        return None
    en, zh_cn = (f"{refusal.sentence(one)} {refusal.next_step(one)}" for one in LANGUAGES)
    return Words(en=en, zh_cn=zh_cn)


def uses_of(rules: Iterable[Rule], look_up: LookUp, usual: UsualByName) -> list[BaselineUse]:
    """Every limit of these rules that follows from a baseline, with what it is for each class now."""
    return [
        BaselineUse(
            rule=rule.id,
            title=Words(en=rule.title["en"], zh_cn=rule.title["zh-CN"]),
            limit=name,
            baseline=how.name,
            times=how.times,
            at_least=how.at_least,
            otherwise=rule.limits[name],
            limits=[
                _limit(one, limit_column(name, rule.limits[name], how), look_up, usual)
                for one in look_up.card_classes.values()
            ],
        )
        for rule in rules
        for name, how in rule.baselines.items()
    ]


def _limit(of: CardClass, column: Column, look_up: LookUp, usual: UsualByName) -> ClassLimit:
    """In the order that findings go by: the class's own, what is usual of it, the rule's number."""
    shown, how = look_up.card_class(of.id), column.baseline
    own: int | None = getattr(of.limits, column.name, None)
    if own is not None:
        return ClassLimit(card_class=shown, value=own, origin="class")
    known = usual.get(how.name, {}).get(of.id) if how else None
    if how is None or known is None:
        return ClassLimit(card_class=shown, value=column.default or 0, origin="rule")
    return ClassLimit(card_class=shown, value=how.limit(known, column.most), origin="baseline")
