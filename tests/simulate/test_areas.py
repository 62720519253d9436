from tallyward.simulate.areas import DOMESTIC, HARMLESS_ABROAD, PLACES, WATCH_ABROAD, WATCH_HOME


def test_the_34_regions_come_first() -> None:
    codes = [place.code for place in PLACES[:DOMESTIC]]
    assert codes == sorted(codes)
    assert len(set(codes)) == 34
    assert all(code.startswith("CN-") for code in codes)
    assert sum(place.weight for place in PLACES[:DOMESTIC]) > 0


def test_fraud_prone_are_two_abroad_and_one_at_home() -> None:
    assert {number for number, place in enumerate(PLACES) if place.fraud_prone} == {*WATCH_ABROAD, WATCH_HOME}
    assert all(PLACES[number].plmn for number in (*WATCH_ABROAD, *HARMLESS_ABROAD))
    assert PLACES[WATCH_HOME].plmn is None


def test_networks_are_different() -> None:
    networks = [place.plmn for place in PLACES if place.plmn]
    assert len(set(networks)) == len(networks) == 6
