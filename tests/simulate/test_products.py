from tallyward.registry.model import FunctionMode
from tallyward.registry.profile_schema import LIMIT_FIELDS
from tallyward.simulate.products import BY_CODE, PRODUCTS, RHYTHMS, RULE_LIMITS


def test_shares_make_a_thousand() -> None:
    assert sum(product.share for product in PRODUCTS) == 1000


def test_codes_and_titles_are_different_and_told_in_both_languages() -> None:
    assert len(BY_CODE) == len(PRODUCTS)
    assert all(product.title_en.isascii() and not product.title_zh.isascii() for product in PRODUCTS)


def test_a_product_uses_only_what_it_allows() -> None:
    for product in PRODUCTS:
        for mode, (_, most) in zip(product.modes, (product.data, product.sms, product.voice), strict=True):
            assert (mode is not FunctionMode.NONE) == (most > 0)


def test_an_ordinary_day_leaves_room_for_two_strays() -> None:
    for product in PRODUCTS:
        most = product.limits.max_peers or RULE_LIMITS.max_peers
        assert most
        assert product.peers + (product.sms[1] > 0) + (product.voice[1] > 0) + 2 <= most


def test_every_limit_is_left_to_the_rule_by_some_product() -> None:
    for name in LIMIT_FIELDS:
        assert any(getattr(product.limits, name) is None for product in PRODUCTS)
        assert getattr(RULE_LIMITS, name)


def test_rhythms_have_24_hours() -> None:
    assert {len(rhythm) for rhythm in RHYTHMS} == {24}
    assert {product.rhythm for product in PRODUCTS} == set(range(len(RHYTHMS)))
