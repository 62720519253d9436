import pytest

from tallyward.console.look_up import LookUp
from tallyward.detect.cards.unknown import BUILT_IN
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import AreaId, CardId, RuleId
from tallyward.records.schema import UNKNOWN_CELL_BASE
from tests.console.house import CARD_A, CARD_B, FLEET_A, FLEET_B, House


@pytest.fixture
def look_up(reading_house: House) -> LookUp:
    return LookUp(reading_house.services, reading_house.accounts.user(PLATFORM, "fleet-alpha").actor)


def test_enterprises_that_one_may_not_know_have_no_name(look_up: LookUp) -> None:
    assert look_up.enterprise(FLEET_A).code == "alpha-fleet"
    assert (look_up.enterprise(FLEET_B).code, look_up.enterprise(FLEET_B).name) == ("?", "?")


def test_codes_lead_to_ids_or_to_a_refusal(look_up: LookUp) -> None:
    assert look_up.area_by_code("XX") == 2
    assert look_up.enterprise_by_code("alpha-fleet") == FLEET_A
    for ask, code in (
        (look_up.area_by_code, "console.area_unknown"),
        (look_up.enterprise_by_code, "console.enterprise_unknown"),
    ):
        with pytest.raises(InvalidError) as refusal:
            ask("bravo-fleet")
        assert refusal.value.code == code


def test_areas_and_classes_have_titles(look_up: LookUp) -> None:
    shanghai = look_up.area(AreaId(1))
    assert shanghai is not None
    assert (shanghai.title.en, shanghai.title.zh_cn) == ("Shanghai", "上海")
    assert look_up.area(None) is look_up.area(AreaId(0)) is look_up.area(AreaId(99)) is None
    assert look_up.card_class(1).code == "meter"
    assert look_up.card_class(9).code == "?"


def test_cards_are_those_one_may_see(look_up: LookUp) -> None:
    assert set(look_up.cards([CardId(0), CardId(CARD_A), CardId(CARD_B), CardId(99)])) == {CARD_A}
    assert look_up.cards([CardId(0)]) == {}


def test_cells_are_named_by_the_registry_or_as_records_named_them(look_up: LookUp) -> None:
    strange = UNKNOWN_CELL_BASE + 5
    assert look_up.cells([0, 1, 1, 7, strange]) == {1: "460-00-4321-10", strange: f"460-00-9-{strange}"}


def test_every_rule_in_force_has_a_severity_and_a_title_in_both_languages(look_up: LookUp) -> None:
    assert {"R1", "R7", *(rule.id for rule in BUILT_IN)} <= set(look_up.rules())
    for rule in look_up.rules():
        title = look_up.rule_title(rule)
        assert title.en != title.zh_cn, rule
        assert not title.en.startswith("detect."), rule
    assert look_up.rule_title(RuleId("R99")).en == "R99"
