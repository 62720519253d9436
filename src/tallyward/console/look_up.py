"""Names for the numbers in rows, each asked for once a request."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from tallyward.console.ports import Records, Registry
from tallyward.console.services import ConsoleServices
from tallyward.console.views.cards import AreaRef, CardClassRef
from tallyward.console.views.incidents import CardRef
from tallyward.console.views.shared import EnterpriseRef, Words
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.unknown import BUILT_IN
from tallyward.kernel.actor import Actor
from tallyward.kernel.catalogue import words
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import AreaId, CardId, CellId, EnterpriseId, RuleId
from tallyward.kernel.paging import MAX_LIMIT, PageRequest
from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.registry.filters import CardFilter
from tallyward.registry.model import Area, CardClass

_BUILT_IN: Final = {rule.id: rule for rule in BUILT_IN}
_HIDDEN: Final = "?"
"""Code and name of an enterprise that the visitor may not know of."""


class LookUp:
    """What one visitor may read of names. Lives as long as the request."""

    def __init__(self, services: ConsoleServices, actor: Actor) -> None:
        """Names for `actor`."""
        self._registry: Registry = services.registry
        self._records: Records = services.records
        self._rules: RuleBook = services.rules.book()
        self._actor = actor
        self._enterprises: dict[EnterpriseId, EnterpriseRef] = {}

    @cached_property
    def areas(self) -> dict[AreaId, Area]:
        """All areas."""
        return {area.id: area for area in self._registry.areas()}

    @cached_property
    def card_classes(self) -> dict[int, CardClass]:
        """All card classes."""
        return {one.id: one for one in self._registry.card_classes()}

    def enterprise(self, enterprise: EnterpriseId) -> EnterpriseRef:
        """An enterprise; one that the visitor may not know of has no name."""
        if enterprise not in self._enterprises:
            try:
                found = self._registry.enterprise(self._actor, enterprise)
                known = EnterpriseRef(id=found.id, code=found.code, name=found.name)
            except NotFoundError:
                known = EnterpriseRef(id=enterprise, code=_HIDDEN, name=_HIDDEN)
            self._enterprises[enterprise] = known
        return self._enterprises[enterprise]

    def enterprise_by_code(self, code: str) -> EnterpriseId:
        """The enterprise of a code; refuses with `console.enterprise_unknown`."""
        for enterprise in self._registry.enterprises(self._actor):
            if enterprise.code == code:
                return enterprise.id
        raise InvalidError("console.enterprise_unknown", code=code)

    def area(self, area: AreaId | None) -> AreaRef | None:
        """An area; None for none or an unknown one."""
        found = self.areas.get(area) if area else None
        if found is None:
            return None
        return AreaRef(code=found.code, title=Words(en=found.title_en, zh_cn=found.title_zh))

    def area_by_code(self, code: str) -> AreaId:
        """The area of a code; refuses with `console.area_unknown`."""
        for area in self.areas.values():
            if area.code == code:
                return area.id
        raise InvalidError("console.area_unknown", code=code)

    def card_class(self, number: int) -> CardClassRef:
        """A card class."""
        found = self.card_classes.get(number)
        if found is None:
            return CardClassRef(id=number, code=_HIDDEN, title=Words(en=_HIDDEN, zh_cn=_HIDDEN))
        return CardClassRef(id=found.id, code=found.code, title=Words(en=found.title_en, zh_cn=found.title_zh))

    def rule_title(self, rule: RuleId) -> Words:
        """A rule's title; its id where the rule is no longer in force."""
        known = self._rules.rule(rule)
        if known:
            return Words(en=known.title["en"], zh_cn=known.title["zh-CN"])
        if rule in _BUILT_IN:
            return both(f"detect.rule.{_BUILT_IN[rule].name}.title")
        return Words(en=rule, zh_cn=rule)

    def rules(self) -> dict[RuleId, str]:
        """Severity of every rule in force, those of the platform itself last."""
        found = {rule.id: str(rule.severity) for rule in self._rules.rules}
        return found | {rule.id: str(rule.severity) for rule in BUILT_IN}

    def cards(self, ids: Iterable[CardId]) -> dict[CardId, CardRef]:
        """Cards as incidents name them, those that the visitor may see."""
        wanted = frozenset(card for card in ids if card)
        if not wanted:
            return {}
        page = self._registry.cards(self._actor, CardFilter(ids=wanted), PageRequest(min(len(wanted), MAX_LIMIT)))
        return {card.id: CardRef(id=card.id, iccid=card.iccid, msisdn=card.msisdn) for card in page.rows}

    def cells(self, ids: Iterable[int]) -> dict[int, str]:
        """Cells as mcc-mnc-lac-ci, or as the records named them."""
        wanted = sorted({cell for cell in ids if cell})
        known = self._registry.cell_names(CellId(cell) for cell in wanted if cell < UNKNOWN_CELL_BASE)
        unknown: Sequence[int] = [cell for cell in wanted if cell >= UNKNOWN_CELL_BASE]
        texts = dict(zip(unknown, self._records.cell_text(unknown), strict=True)) if unknown else {}
        return texts | {int(cell): found.cgi for cell, found in known.items()}


def both(key: str) -> Words:
    """A text of the catalogue in both languages."""
    return Words(en=words("en", key), zh_cn=words("zh-CN", key))
