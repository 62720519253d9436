"""What is handed over with a sale: exactly the cards sold, believed only if it is what the operator registered."""

from dataclasses import replace

import pytest

from tallyward.custody import disclosure, lots
from tallyward.custody.codec import decode, encode
from tallyward.custody.disclosure import Disclosure, Sheet
from tallyward.custody.fields import Part
from tallyward.custody.lots import Book
from tallyward.custody.machine import Machine
from tallyward.custody.sale_terms import Terms
from tallyward.custody.salt_tree import salts, whole
from tallyward.custody.transactions import Offer, RegisterLot
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import LATER, RULES, new_machine, say

NUMBERS = [f"898604A{one:013d}" for one in range(1000)]
SECRET = Secret(bytes(range(32)))
TERMS = Terms(32_000, "CNY", "12 months, NB-IoT", bytes(32))


def registered() -> tuple[Machine, int]:
    """A ledger with the lot, and the event by which its operator holds it."""
    machine = new_machine()
    root = lots.commitment("LOT", NUMBERS, SECRET.reveal())
    return machine, say(machine, RegisterLot("OP", "LOT", 1000, root, "NB-IoT", RULES.id), "op")


MACHINE, CAUSE = registered()
WHOLE = disclosure.whole_lot("LOT", NUMBERS, SECRET)


def offer(*runs: tuple[int, int], terms: Terms | None = TERMS) -> Offer:
    parts = tuple(Part("LOT", start, end, CAUSE) for start, end in runs)
    return Offer("OP", "RES", parts, LATER, terms.hash() if terms else None)


def given(*sheets: Sheet, terms: Terms | None = TERMS) -> Disclosure:
    return Disclosure(Secret(terms) if terms else None, sheets)


def refusal(one: Offer, found: Disclosure) -> str:
    with pytest.raises(TallywardError) as caught:
        disclosure.check(MACHINE.state, one, disclosure.parse(found.bytes()))
    return caught.value.code


@pytest.mark.parametrize("runs", [[(0, 1000)], [(100, 103)], [(0, 1), (999, 1000)], [(10, 20), (20, 40), (500, 517)]])
def test_a_buyer_believes_what_is_true(runs: list[tuple[int, int]]) -> None:
    found = disclosure.parse(given(*WHOLE.parts(*runs)).bytes())
    disclosure.check(MACHINE.state, offer(*runs), found)
    assert [one for sheet in found.sheets for one in sheet.numbers.reveal()] == [
        one for start, end in runs for one in NUMBERS[start:end]
    ]
    assert NUMBERS[runs[0][0]] not in repr(found)


def test_two_sheets_may_cover_one_part() -> None:
    disclosure.check(MACHINE.state, offer((10, 40)), given(*WHOLE.parts((10, 25), (25, 40))))


def test_a_buyer_hands_on_parts_of_what_it_has_and_no_more() -> None:
    mine = disclosure.parse(given(WHOLE.within(100, 300)).bytes()).sheets[0]
    onward = mine.within(150, 200).within(160, 161)
    disclosure.check(MACHINE.state, offer((160, 161)), given(onward))
    assert dict(salts(onward.seeds.reveal())) == {160: dict(salts([whole(SECRET.reveal(), 1000)]))[160]}
    for start, end in ((99, 101), (299, 301), (500, 501), (200, 200)):
        with pytest.raises(TallywardError, match="not_disclosed"):
            mine.within(start, end)


def test_an_operator_opens_its_own_book_and_a_seller_what_it_was_given() -> None:
    book = Book(Secret(dict(enumerate(NUMBERS))), Secret([whole(SECRET.reveal(), 1000)]), {})
    runs = (3, 9), (500, 600)
    for made, taken in zip(disclosure.of_book("LOT", book, *runs), WHOLE.parts(*runs), strict=True):
        assert made.numbers.reveal() == taken.numbers.reveal()
        assert (made.seeds.reveal(), made.beside, made.start) == (taken.seeds.reveal(), taken.beside, taken.start)
    held = WHOLE.parts((100, 110), (110, 130), (50, 60))
    parts = [Part("LOT", 105, 120, CAUSE), Part("LOT", 50, 51, CAUSE)]
    found = disclosure.of_parts(held, parts)
    assert [(one.start, one.end) for one in found] == [(105, 110), (110, 120), (50, 51)]
    disclosure.check(MACHINE.state, offer((105, 120), (50, 51)), given(*found))
    for part in (Part("LOT", 99, 101, CAUSE), Part("LOT", 129, 131, CAUSE), Part("OTHER", 100, 101, CAUSE)):
        with pytest.raises(TallywardError, match="not_disclosed"):
            disclosure.of_parts(held, [part])


def test_a_punctured_sheet_has_every_card_but_one() -> None:
    left = WHOLE.within(100, 110).without(104)
    assert [(one.start, one.end) for one in left] == [(100, 104), (105, 110)]
    disclosure.check(MACHINE.state, offer((100, 104), (105, 110)), given(*left))
    assert 104 not in {slot for one in left for slot, _ in salts(one.seeds.reveal())}
    assert [one.start for one in WHOLE.within(100, 110).without(100)] == [101]
    assert WHOLE.within(7, 8).without(7) == []


def test_a_seller_that_lies_is_refused() -> None:
    sheet = WHOLE.within(100, 110)
    numbers = [*NUMBERS[100:109], "89860400000000000000"]
    other = replace(sheet, numbers=Secret(numbers))
    assert refusal(offer((100, 110)), given(other)) == "custody.disclosure_differs"
    assert refusal(offer((100, 110)), given(replace(sheet, beside=sheet.beside[1:]))) == "custody.disclosure_differs"
    assert refusal(offer((100, 110)), given(replace(sheet, count=999))) == "custody.disclosure_differs"
    moved = disclosure.whole_lot("LOT", [*NUMBERS[1:], NUMBERS[0]], SECRET).within(100, 110)
    assert refusal(offer((100, 110)), given(moved)) == "custody.disclosure_differs"
    for runs in ([(100, 109)], [(100, 111)], [(101, 110)], [(100, 110), (120, 121)]):
        assert refusal(offer(*runs), given(sheet)) == "custody.disclosure_form"
    assert refusal(offer((100, 105)), given(sheet)) == "custody.disclosure_form"
    assert refusal(offer((100, 110)), given(sheet, WHOLE.within(110, 111))) == "custody.disclosure_form"
    assert refusal(offer((100, 110)), given(replace(sheet, lot="NONE"))) == "custody.disclosure_form"


def test_terms_are_those_of_the_offer() -> None:
    sheet = WHOLE.within(1, 2)
    assert refusal(offer((1, 2)), given(sheet, terms=TERMS._replace(price=1))) == "custody.terms_differ"
    assert refusal(offer((1, 2)), given(sheet, terms=None)) == "custody.terms_differ"
    assert refusal(offer((1, 2), terms=None), given(sheet)) == "custody.terms_differ"
    disclosure.check(MACHINE.state, offer((1, 2), terms=None), given(sheet, terms=None))
    assert TERMS._replace(salt=b"s" * 32).hash() != TERMS.hash()


def test_bytes_of_strangers_are_refused_before_they_cost_anything() -> None:
    good = decode(given(WHOLE.within(100, 110)).bytes())
    assert isinstance(good, list)
    sheet = good[1][0]  # type: ignore[index]
    assert isinstance(sheet, list)
    for at, value in (
        (3, "89860400000000000001"),
        (3, ""),
        (3, "a b\nc"),
        (3, 7),
        (4, [[60, 0, bytes(32)]]),
        (4, [[0, 1 << 62, bytes(32)]]),
        (4, []),
        (4, [[0, 100, b"short"]]),
        (5, [b"short"]),
        (0, ""),
    ):
        bad = [*sheet[:at], value, *sheet[at + 1 :]]
        with pytest.raises(TallywardError, match="disclosure_form"):
            disclosure.parse(encode([good[0], [bad]]))
    for terms in ([1, "CNY", 7, bytes(32)], [1, "CNY", "x" * 70_000, bytes(32)], [1, "CNY", "x", b""], []):
        with pytest.raises(TallywardError, match="disclosure_form"):
            disclosure.parse(encode([terms, good[1]]))  # type: ignore[list-item]
    with pytest.raises(TallywardError, match="disclosure_form"):
        given(replace(WHOLE.within(1, 2), numbers=Secret(["a\nb"]))).bytes()
