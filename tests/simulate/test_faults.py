import numpy as np
import pytest

from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.simulate.columns import DAY_BYTES, MAX_IMEIS, NOT_SET, SMS, VOICE, Cards, Records
from tallyward.simulate.draws import I64
from tallyward.simulate.faults import FAULTS, lost_cells
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.near_misses import NEAR_MISSES
from tallyward.simulate.numbering import imeis
from tallyward.simulate.products import RULE_CARDS_PER_IMEI
from tests.simulate.conftest import DAY


@pytest.fixture(scope="module")
def mine(fleet: Fleet, cards: Cards, records: Records) -> dict[str, I64]:
    """Positions of the records of each role."""
    role = cards.role[records.card]
    return {one.name: np.flatnonzero(role == number) for number, one in enumerate(fleet.cast.roles)}


def test_every_rule_has_several_variants() -> None:
    variants: dict[str, int] = {}
    for role in FAULTS:
        for rule in role.hits:
            variants[rule] = variants.get(rule, 0) + 1
    assert all(count >= 2 for count in variants.values())
    assert all(variants[f"R{number}"] >= 3 for number in range(1, 8))


@pytest.mark.parametrize(("role", "size", "elsewhere"), [("box", 8, 0), ("box_in_part", 9, 0), ("box_of_eight", 8, 1)])
def test_boxes_hold_eight_cards_that_are_not_bound_to_them(
    cards: Cards, records: Records, mine: dict[str, I64], role: str, size: int, elsewhere: int
) -> None:
    boxed = mine[role][records.step[mine[role]] == 0]
    assert len(boxed)
    for imei in set(records.imei[boxed].tolist()):
        sharing = np.unique(records.card[records.imei == imei])
        bound = sharing[cards.terminal[sharing] != NOT_SET]
        assert len(sharing) == size >= RULE_CARDS_PER_IMEI
        assert len(bound) == elsewhere
        assert (imeis(cards.terminal[bound]) != imei).all()


def test_every_other_box_is_the_terminal_of_a_card_that_is_bound_there() -> None:
    large = build_fleet(cards=40_000, terminals=9_000, seed=4, day=DAY)
    names = [role.name for role in large.cast.roles]
    boxed = large.numbered(large.cast.turns(names.index("box")))
    hosts = large.numbered(large.cast.turns(names.index("host")))
    assert np.isin(boxed.device, hosts.device).tolist() == [at // 8 % 2 == 1 for at in range(len(boxed))]
    assert (imeis(hosts.terminal) == hosts.device).all()


@pytest.mark.parametrize("role", ["replaced_device", "exchanged_devices", "borrowed_device", "eighth_of_box"])
def test_bound_cards_are_seen_elsewhere(cards: Cards, records: Records, mine: dict[str, I64], role: str) -> None:
    for card in set(records.card[mine[role]].tolist()):
        seen = set(records.imei[records.card == card].tolist())
        own = int(imeis(cards.terminal[card : card + 1])[0])
        assert seen - {own}
        assert (own in seen) == (role == "borrowed_device")


def test_exchanged_devices_are_each_others(cards: Cards, records: Records, mine: dict[str, I64]) -> None:
    at = np.unique(records.card[mine["exchanged_devices"]])
    assert set(cards.device[at].tolist()) == set(imeis(cards.terminal[at]).tolist())


@pytest.mark.parametrize("cards", [100, 700, 9_999, 10_001, 20_000, 55_000, 300_000, 1_000_000, 9_000_000])
def test_there_is_a_host_and_an_eighth_for_every_crowd(cards: int) -> None:
    count = {role.name: role.count(cards) for role in (*FAULTS, *NEAR_MISSES)}
    assert count["host"] > 2 * (count["seven_with_host"] // 7 - 1)
    assert count["host"] > count["box"] // 8 - 1
    assert count["eighth_of_box"] >= count["box_of_eight"] // 7


def test_hoppers_show_more_devices_than_allowed(cards: Cards, records: Records, mine: dict[str, I64]) -> None:
    for role in ("device_hop", "device_hop_own_limit"):
        for card in set(records.card[mine[role]].tolist()):
            assert cards.terminal[card] == NOT_SET
            assert len(set(records.imei[records.card == card].tolist())) > cards.limits[MAX_IMEIS, card]


@pytest.mark.parametrize(("role", "service"), [("voice_without", VOICE), ("sms_without", SMS)])
def test_services_are_used_by_cards_without_them(
    cards: Cards, records: Records, mine: dict[str, I64], role: str, service: int
) -> None:
    used = mine[role][records.service[mine[role]] == service]
    assert len(used)
    assert not cards.modes[service, records.card[used]].any()


def test_one_byte_is_enough(cards: Cards, records: Records, mine: dict[str, I64]) -> None:
    for card in set(records.card[mine["one_byte_over"]].tolist()):
        assert (records.up + records.down)[records.card == card].sum() == cards.limits[DAY_BYTES, card] + 1


def test_some_volumes_are_more_than_32_bits_hold(records: Records, mine: dict[str, I64]) -> None:
    assert (records.down[mine["saturated"]] >= 1 << 32).any()


def test_lost_cells_are_all_those_that_records_name(fleet: Fleet, records: Records) -> None:
    lost = np.unique(records.cell[records.cell >= UNKNOWN_CELL_BASE]) - UNKNOWN_CELL_BASE
    assert sorted(lost_cells(fleet.cast)) == lost.tolist()


def test_a_lost_cell_is_named_by_two_cards(records: Records, mine: dict[str, I64]) -> None:
    here = mine["unknown_cell"]
    lost = here[records.cell[here] >= UNKNOWN_CELL_BASE]
    assert len(set(records.card[lost].tolist())) == 2 * len(set(records.cell[lost].tolist()))
