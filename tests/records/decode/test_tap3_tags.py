import pytest

from tallyward.records.decode.tap3_tags import Tag, name_of

SPELLED_OTHERWISE = {"ReturnBatch", "Acknowledgement"}  # of RAP, which the oracle does not hold


@pytest.mark.parametrize("tag", [tag for tag in Tag if tag.name not in SPELLED_OTHERWISE], ids=lambda tag: tag.name)
def test_each_tag_is_the_one_of_the_asn1_module(tag: Tag) -> None:
    module = pytest.importorskip("pycrate_asn1dir.TAP3", reason="the oracle: pip install pycrate").TAP_0312
    number, form = getattr(module, tag.name)._tag[:2]
    assert tag == (1 << 24) | number
    assert form == module.Imsi._tag[1]  # application class


def test_tags_are_told_by_name_or_by_number() -> None:
    assert name_of(Tag.Imsi) == "Imsi"
    assert name_of((1 << 24) | 9999) == "A9999"
    assert name_of(16) == "U16"
