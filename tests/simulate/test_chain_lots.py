from itertools import pairwise

from tallyward.custody.lots import opened
from tallyward.simulate.chain_faults import SHELVED, SOLD, choose_fates
from tallyward.simulate.chain_lots import LEAST_SHIPMENTS, MOST_CARDS, moved, pack, path_to, shipment_size
from tallyward.simulate.chain_members import RULES, chain_keys, chain_members
from tallyward.simulate.columns import Cards
from tallyward.simulate.enterprises import FIRMS, FIRST_USER, OPERATOR
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.numbering import iccids
from tallyward.simulate.products import PRODUCTS
from tests.simulate.conftest import DAY

USERS = range(FIRST_USER, FIRST_USER + 5 * len(PRODUCTS))


def test_every_card_is_in_one_slot_of_a_lot_of_its_product(fleet: Fleet, cards: Cards) -> None:
    shipment = pack(fleet, 0, cards, choose_fates(fleet))
    numbers = [number for book in shipment.lots for number in book.numbers]
    assert sorted(numbers) == sorted(iccids(cards.number))
    product = dict(zip(iccids(cards.number), cards.product.tolist(), strict=True))
    for book in shipment.lots:
        assert {PRODUCTS[product[number]].code for number in book.numbers} == {book.product}
        assert book.operator == FIRMS[OPERATOR].code


def test_runs_divide_each_lot_and_say_who_gets_the_cards(fleet: Fleet, cards: Cards) -> None:
    shipment = pack(fleet, 0, cards, choose_fates(fleet))
    holder = dict(zip(iccids(cards.number), cards.holder.tolist(), strict=True))
    for book in shipment.lots:
        runs = [run for run in shipment.runs if run.lot == book.lot]
        assert [run.start for run in runs] == [0, *(run.end for run in runs[:-1])]
        assert runs[-1].end == len(book.numbers)
        for run in runs:
            holders = {FIRMS[holder[number]].code for number in book.numbers[run.start : run.end]}
            assert len(holders) == 1
            assert holders <= set(run.path[-2:] if run.fate.who.name == "WITH_RESELLER" else run.path[-1:])


def test_slots_stand_by_holder_then_by_card(fleet: Fleet, cards: Cards) -> None:
    shipment = pack(fleet, 0, cards, choose_fates(fleet))
    place = {name: (who, at) for at, (name, who) in enumerate(zip(iccids(cards.number), cards.holder, strict=True))}
    for book in shipment.lots:
        assert all(place[one] < place[other] for one, other in pairwise(book.numbers))


def test_the_root_opens_to_each_card_with_the_lots_secret(fleet: Fleet) -> None:
    book = pack(fleet, 0, fleet.cards_between(1, 60), choose_fates(fleet)).lots[0]
    for card in opened(book.lot, book.numbers, book.secret, range(len(book.numbers))):
        assert card.holds(book.lot, len(book.numbers), book.root)
    again = pack(fleet, 1, fleet.cards_between(1, 60), choose_fates(fleet)).lots[0]
    assert book.secret != again.secret


def test_every_path_is_one_that_the_rules_allow() -> None:
    kind = {one.id: one.kind for one in chain_members(chain_keys(1))}
    lengths = set()
    for holder in range(1, FIRST_USER + 5 * len(PRODUCTS)):
        path = path_to(holder)
        assert (path[0], path[-1]) == (OPERATOR, holder)
        kinds = [kind[FIRMS[firm].code] for firm in path]
        assert set(pairwise(kinds)) <= set(RULES.pairs)
        lengths.add((holder in USERS, len(path)))
    assert lengths == {(True, 2), (True, 3), (True, 4), (False, 2), (False, 3)}


def test_who_holds_a_run_depends_on_how_far_it_goes(fleet: Fleet, cards: Cards) -> None:
    runs = {run.fate.name: run for run in pack(fleet, 0, cards, choose_fates(fleet)).runs}
    assert runs[SOLD.name].holder == runs[SOLD.name].path[-1]
    assert runs[SHELVED.name].holder == runs[SHELVED.name].path[-1]
    assert runs["kept_by_seller"].holder == runs["kept_by_seller"].path[-2]
    assert runs["kept_by_operator"].holder == FIRMS[OPERATOR].code
    moved(runs.values(), 7)
    assert {run.cause for run in runs.values()} == {7}


def test_shipments_cover_the_fleet_in_bounded_pieces(fleet: Fleet) -> None:
    for cards in (1_000, 1_001, fleet.cards):
        one = build_fleet(cards=cards, terminals=500, seed=1, day=DAY)
        assert len(list(one.spans(shipment_size(one)))) == LEAST_SHIPMENTS
    large = build_fleet(cards=2_345_678, terminals=40_000, seed=1, day=DAY)
    assert shipment_size(large) == MOST_CARDS
