"""A card can be shown to be of a lot, and of no other place, number or lot."""

from dataclasses import replace

from tallyward.custody import lots
from tallyward.custody.salt_tree import covering, salts, whole

NUMBERS = [f"898604A{one:013d}" for one in range(100)]
SECRET = bytes(range(32))
ROOT = lots.commitment("LOT-1", NUMBERS, SECRET)


def test_an_opening_holds_for_its_card() -> None:
    for opening in lots.opened("LOT-1", NUMBERS, SECRET, [0, 41, 99]):
        assert opening.holds("LOT-1", 100, ROOT)
        assert opening.number == NUMBERS[opening.slot]
        assert not opening.holds("LOT-2", 100, ROOT)
        assert not replace(opening, number=NUMBERS[5]).holds("LOT-1", 100, ROOT)
        assert not replace(opening, slot=opening.slot ^ 1).holds("LOT-1", 100, ROOT)
        assert not replace(opening, salt=bytes(32)).holds("LOT-1", 100, ROOT)


def test_a_holder_of_a_part_computes_the_leaves_of_its_part_only() -> None:
    seeds = covering([whole(SECRET, 100)], 10, 20)
    known = dict(salts(seeds))
    every = lots.leaves("LOT-1", NUMBERS, [whole(SECRET, 100)])
    assert [lots.card_leaf("LOT-1", slot, known[slot], NUMBERS[slot]) for slot in range(10, 20)] == every[10:20]
    assert 20 not in known
