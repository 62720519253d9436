import dataclasses

import numpy as np

from tallyward.registry.model import FunctionMode
from tallyward.simulate.cells import TOWN_SIZE
from tallyward.simulate.columns import DATA, MAX_CELLS, MAX_IMEIS, NOT_SET, REAL_NAMES, Cards
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import imeis
from tallyward.simulate.products import PRODUCTS


def test_a_card_is_the_same_alone_and_in_the_fleet(fleet: Fleet, cards: Cards) -> None:
    some = fleet.numbered(np.array([1, 777, 4_242, 6_000], dtype=np.int64))
    for one in dataclasses.fields(Cards):
        whole, alone = getattr(cards, one.name), getattr(some, one.name)
        assert np.array_equal(alone, whole[..., [0, 776, 4_241, 5_999]]), one.name


def test_products_have_about_their_shares(cards: Cards) -> None:
    counts = np.bincount(cards.product, minlength=len(PRODUCTS)) / len(cards) * 1000
    assert all(abs(count - product.share) < 40 for count, product in zip(counts, PRODUCTS, strict=True))


def test_lists_belong_to_directed_functions_only(cards: Cards) -> None:
    assert ((cards.lists != NOT_SET) == (cards.modes == FunctionMode.DIRECTED)).all()


def test_bound_cards_ride_in_the_terminal_of_their_number(fleet: Fleet, cards: Cards) -> None:
    bound = cards.terminal != NOT_SET
    assert sorted(cards.terminal[bound].tolist()) == list(range(fleet.cellular))
    plain = cards.role == fleet.cast.plain
    assert (cards.device[bound & plain] == imeis(cards.terminal[bound & plain])).all()
    assert len(np.unique(cards.device[plain])) == plain.sum()


def test_stock_is_with_sellers_and_has_nothing(fleet: Fleet, cards: Cards) -> None:
    stock = cards.role == fleet.cast.unsold
    assert stock.sum() == 150
    assert (cards.terminal[stock] == NOT_SET).all()
    assert not cards.modes[:, stock].any()
    assert {REAL_NAMES[state].value for state in cards.real_name[stock].tolist()} == {"none"}


def test_limits_come_from_card_then_class_then_rule(cards: Cards) -> None:
    for at in range(len(cards)):
        own, classes = int(cards.own[MAX_IMEIS, at]), PRODUCTS[int(cards.product[at])].limits.max_imeis
        assert cards.limits[MAX_IMEIS, at] == (own if own != NOT_SET else classes if classes is not None else 3)
    assert (cards.limits[MAX_CELLS] >= 3).all()


def test_homes_lie_in_the_home_area(fleet: Fleet, cards: Cards) -> None:
    assert (fleet.scene.cells.area[cards.home] == cards.area).all()
    assert (cards.home % TOWN_SIZE < 12).all()
    assert (cards.lists[DATA] % 2 != 1).sum() > 0
