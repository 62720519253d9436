"""The cards of a fleet: any range of card numbers comes out the same, alone or with all the others."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tallyward.registry.model import FunctionMode, UsageLimits
from tallyward.registry.profile_schema import LIMIT_FIELDS
from tallyward.simulate.areas import DOMESTIC, PLACES
from tallyward.simulate.cells import TOWN_CELLS
from tallyward.simulate.columns import (
    DATA,
    DAY_BYTES,
    MAX_CELLS,
    MAX_IMEIS,
    MAX_PEERS,
    NOT_SET,
    REAL_NAMES,
    Cards,
)
from tallyward.simulate.draws import I64
from tallyward.simulate.enterprises import FIRST_USER, SELLERS, USERS_PER_PRODUCT
from tallyward.simulate.group_lists import ListForm, list_form
from tallyward.simulate.numbering import imeis, unlisted_imeis
from tallyward.simulate.products import BY_CODE, PRODUCTS, RULE_LIMITS
from tallyward.simulate.roles import Cast, Role, Scene

_SHARES: Final = np.repeat(np.arange(len(PRODUCTS)), [product.share for product in PRODUCTS])
_HOMES: Final = np.repeat(np.arange(DOMESTIC), [place.weight for place in PLACES[:DOMESTIC]])
_MODES: Final = np.array([product.modes for product in PRODUCTS], dtype=np.int64).T
_FIXED: Final = np.array([product.fixed for product in PRODUCTS])
_ROAMING: Final = np.array([product.roaming for product in PRODUCTS], dtype=np.int64)
_ACTIVE: Final = [state.value for state in REAL_NAMES].index("active")
_UNREGISTERED: Final = [state.value for state in REAL_NAMES].index("none")
_USERS_OF_FORM: Final = {
    form: np.array([user for user in range(USERS_PER_PRODUCT) if list_form(user) is form]) for form in ListForm
}


def _limits(rows: Sequence[UsageLimits]) -> I64:
    told = [[getattr(limits, name) for limits in rows] for name in LIMIT_FIELDS]
    return np.array([[NOT_SET if value is None else value for value in row] for row in told], dtype=np.int64)


CLASS_LIMITS: Final = _limits([product.limits for product in PRODUCTS])
_RULE_LIMITS: Final = _limits([RULE_LIMITS])
_DEFAULTS: Final = np.where(CLASS_LIMITS == NOT_SET, _RULE_LIMITS, CLASS_LIMITS)
"""What holds for a card of each product that has no limit of its own."""


def make_cards(numbers: I64, cast: Cast, scene: Scene, bindings: int) -> Cards:
    """The cards of these numbers; those with a rank below `bindings` are bound to the terminal of that number."""
    ranks = cast.ranks(numbers)
    role, turn = cast.parts(ranks)
    cards = _ordinary(numbers, role, turn, scene)
    _bind(cards, ranks, bindings)
    for which, part in enumerate(cast.roles):
        at = np.flatnonzero(role == which)
        if len(at):
            _cast(cards, at, part, scene)
    _follow_user(cards)
    _settle_limits(cards, scene)
    _shelve(cards, np.flatnonzero(role == cast.unsold), scene)
    for which, part in enumerate(cast.roles):
        at = np.flatnonzero(role == which)
        if part.cast and len(at):
            part.cast(cards, at, scene)
    cards.limits = _effective(cards)
    return cards


def _ordinary(numbers: I64, role: I64, turn: I64, scene: Scene) -> Cards:
    draws = scene.draws
    count = len(numbers)
    area = _HOMES[draws.below("home area", numbers, len(_HOMES))]
    product = _SHARES[draws.below("product", numbers, len(_SHARES))]
    return Cards(
        number=numbers,
        role=role,
        turn=turn,
        product=product,
        user=product * USERS_PER_PRODUCT + draws.below("user", numbers, USERS_PER_PRODUCT),
        holder=np.zeros(count, dtype=np.int64),
        area=area,
        home=scene.cells.middle(area, draws.below("town", numbers, scene.cells.towns))
        + draws.below("home cell", numbers, TOWN_CELLS),
        modes=np.zeros((3, count), dtype=np.int64),
        lists=np.full((3, count), NOT_SET, dtype=np.int64),
        own=np.full((len(LIMIT_FIELDS), count), NOT_SET, dtype=np.int64),
        limits=np.zeros((len(LIMIT_FIELDS), count), dtype=np.int64),
        roams=np.zeros(count, dtype=np.bool_),
        fixed=np.zeros(count, dtype=np.bool_),
        real_name=np.full(count, _ACTIVE, dtype=np.int64),
        terminal=np.full(count, NOT_SET, dtype=np.int64),
        device=np.zeros(count, dtype=np.int64),
    )


def _bind(cards: Cards, ranks: I64, bindings: int) -> None:
    bound = ranks < bindings
    cards.terminal[bound] = ranks[bound]
    cards.device = np.where(bound, imeis(ranks), unlisted_imeis(cards.number))


def _cast(cards: Cards, at: I64, part: Role, scene: Scene) -> None:
    """A product, and a user with the form of list, that the role can be played with."""
    able = np.array([BY_CODE[code] for code in part.products], dtype=np.int64)
    cards.product[at] = able[cards.turn[at] // part.group % len(able)]
    users = np.arange(USERS_PER_PRODUCT) if part.form is None else _USERS_OF_FORM[part.form]
    cards.user[at] = (
        cards.product[at] * USERS_PER_PRODUCT + users[scene.draws.below("user", cards.number[at], len(users))]
    )


def _follow_user(cards: Cards) -> None:
    cards.holder = FIRST_USER + cards.user
    cards.modes = _MODES[:, cards.product]
    cards.fixed = _FIXED[cards.product]
    directed = cards.modes == FunctionMode.DIRECTED
    cards.lists = np.where(directed, cards.user * 2 + 1, NOT_SET)
    cards.lists[DATA] = np.where(directed[DATA], cards.user * 2, NOT_SET)


def _settle_limits(cards: Cards, scene: Scene) -> None:
    """Who may roam; and one card in ten has a limit of its own, now tighter, now wider than its class."""
    draws = scene.draws
    cards.roams = draws.below("roams", cards.number, 1000) < _ROAMING[cards.product]
    own = draws.below("own limits", cards.number, 100)
    limits = _DEFAULTS[:, cards.product]
    cards.own[DAY_BYTES] = np.where(own < 4, limits[DAY_BYTES] // 2, NOT_SET)
    cards.own[MAX_PEERS] = np.where((own >= 3) & (own < 6), limits[MAX_PEERS] + 2, NOT_SET)
    cards.own[MAX_CELLS] = np.where((own >= 5) & (own < 8) & cards.fixed, 3 + own % 3, NOT_SET)
    cards.own[MAX_IMEIS] = np.where((own >= 7) & (own < 10), 2 + own % 3, NOT_SET)


def _shelve(cards: Cards, at: I64, scene: Scene) -> None:
    """Unsold: with a seller, without functions, real name or terminal."""
    sellers = np.array(SELLERS)
    cards.holder[at] = sellers[scene.draws.below("seller", cards.number[at], len(sellers))]
    cards.modes[:, at] = FunctionMode.NONE
    cards.lists[:, at] = NOT_SET
    cards.real_name[at] = _UNREGISTERED
    cards.terminal[at] = NOT_SET


def _effective(cards: Cards) -> I64:
    return np.where(cards.own == NOT_SET, _DEFAULTS[:, cards.product], cards.own)
