import numpy as np

from tallyward.kernel.identities import iccid, imsi, msisdn
from tallyward.simulate.columns import Cards
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.numbering import iccids, imsis, msisdns
from tallyward.simulate.strangers import LEAST, TAG_NAMES, make_strangers
from tests.simulate.conftest import DAY

CHECKS = {"imsi": imsi, "msisdn": msisdn, "iccid": iccid}


def test_strangers_are_seen_by_each_of_their_numbers(fleet: Fleet) -> None:
    strangers = make_strangers(fleet)
    kinds = [TAG_NAMES[tag] for tag in strangers.tag.tolist()]
    assert set(kinds) == set(CHECKS)
    for kind, text in zip(kinds, strangers.texts(), strict=True):
        assert CHECKS[kind](text) == text
    assert len(set(strangers.texts())) == len(strangers)


def test_no_stranger_has_a_number_of_the_fleet(fleet: Fleet, cards: Cards) -> None:
    strangers = make_strangers(fleet)
    known = {*map(str, imsis(cards.number).tolist()), *map(str, msisdns(cards.number).tolist()), *iccids(cards.number)}
    assert not known & set(strangers.texts())
    assert not np.isin(strangers.records.imei, cards.device).any()


def test_there_are_always_a_few() -> None:
    strangers = make_strangers(build_fleet(cards=150, terminals=50, seed=1, day=DAY, names=False))
    assert "iccid" not in {TAG_NAMES[tag] for tag in strangers.tag.tolist()}
    assert len(strangers) == LEAST
    assert len(strangers.records) == 4 * LEAST
