from collections import Counter

from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.enterprises import FIRMS, FIRST_USER, OPERATOR, SELLERS, USERS_PER_PRODUCT
from tallyward.simulate.products import PRODUCTS


def test_codes_are_different() -> None:
    assert len({firm.code for firm in FIRMS}) == len({firm.name for firm in FIRMS}) == len(FIRMS)


def test_every_part_of_the_chain_is_there() -> None:
    kinds = Counter(firm.kind for firm in FIRMS)
    assert kinds[EnterpriseKind.OPERATOR] == 1
    assert kinds[EnterpriseKind.INDUSTRY_USER] == 40
    assert set(kinds) == set(EnterpriseKind)
    assert FIRMS[OPERATOR].kind is EnterpriseKind.OPERATOR
    assert {FIRMS[number].kind for number in SELLERS} == {EnterpriseKind.RESELLER, EnterpriseKind.POINT_OF_SALE}


def test_users_stand_in_the_order_of_the_products() -> None:
    for product in range(len(PRODUCTS)):
        start = FIRST_USER + product * USERS_PER_PRODUCT
        assert {firm.product for firm in FIRMS[start : start + USERS_PER_PRODUCT]} == {product}
