"""What people do with a ledger: by number or place, refused with words, proven, and credit that is noted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.sqlite_look_ups import SqliteLookUpLog
from tallyward.custody.credit_statement import verify
from tallyward.custody.fields import Part
from tallyward.custody.lots import opened
from tallyward.custody.service import CustodyService
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Accept, Offer, Transaction
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, LATER, OWN, RULES, START, public

NUMBERS = [f"8986{at:016}" for at in range(20)]
SECRET = b"s" * 32


@pytest.fixture
def service(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> Iterator[CustodyService]:
    books, look_ups = LotBooks(tmp_path / "books.db"), SqliteLookUpLog(tmp_path / "look-ups.db")
    found = CustodyService(open_ledger(), books, look_ups, KEYS["log"], FixedClock(START))
    say(found, found.register("OP", "LOT", NUMBERS, "NB", RULES.id, Secret(SECRET)))
    yield found
    books.close()
    look_ups.close()


def say(service: CustodyService, one: Transaction) -> bytes:
    who = str(getattr(one, {"RegisterLot": "operator", "Offer": "seller", "Accept": "buyer"}[type(one).__name__]))
    return service.submit(signed(service.machine.id, one, KEYS[OWN[who]])).hash


def sold(service: CustodyService, *cards: str) -> int:
    offer = say(service, Offer("OP", "RES", service.cards(cards), LATER, None))
    say(service, Accept("RES", offer))
    return service.machine.size - 2


def test_cards_are_named_by_number_and_by_place(service: CustodyService) -> None:
    assert service.cards([NUMBERS[3], NUMBERS[4], "LOT:9-11"]) == (Part("LOT", 3, 5, 2), Part("LOT", 9, 12, 2))
    assert service.cards(["LOT"]) == (Part("LOT", 0, 20, 2),)
    for text, code in (("8986", "number_unknown"), ("NONE:3", "lot_unknown"), ("LOT:20", "span_invalid")):
        with pytest.raises(TallywardError, match=code):
            service.cards([text])


def test_a_card_is_followed_by_number_and_by_place(service: CustodyService) -> None:
    sold(service, "LOT:0-9")
    by_number, by_place = service.trace(NUMBERS[4]), service.trace("LOT:4")
    assert by_number.steps == by_place.steps
    assert [step.link.holder for step in by_number.steps] == ["OP", "OP", "RES"]
    assert (by_number.number, by_place.number) == (NUMBERS[4], None)
    for unknown in ("8986", "LOT", "LOT:20", "LOT:1-2"):
        with pytest.raises(TallywardError, match="number_unknown"):
            service.trace(unknown)


def test_the_registered_root_opens_each_number_of_the_book(service: CustodyService) -> None:
    row = service.state.lots.rows[b"LOT"]
    (one,) = opened("LOT", NUMBERS, SECRET, [7])
    assert one.holds("LOT", row.cards, row.root)
    for lot, numbers, code in (("LOT", ["1"], "lot_exists"), ("NEW", ["1", "1"], "numbers_twice")):
        with pytest.raises(TallywardError, match=code):
            service.register("OP", lot, numbers, "NB", RULES.id, Secret(SECRET))


def test_a_registration_that_was_cut_off_is_made_anew(service: CustodyService) -> None:
    first = service.register("OP", "NEXT", ["1", "2"], "NB", RULES.id, Secret(SECRET))
    assert service.register("OP", "NEXT", ["1", "2"], "NB", RULES.id, Secret(b"t" * 32)) == first
    one = service.register("OP", "NEXT", ["3"], "NB", RULES.id, Secret(b"t" * 32))
    say(service, one)
    assert service.find_card("3") == ("NEXT", 0)
    assert service.find_card("1") is None


def test_proofs(service: CustodyService) -> None:
    number = sold(service, "LOT:0-9")
    assert service.receipt(number).holds
    assert service.carton(number).holds
    with pytest.raises(TallywardError, match="no_acceptance"):
        service.carton(number - 2)
    with pytest.raises(TallywardError, match="entry_unknown"):
        service.receipt(10_000)


def test_what_waits_is_named_by_the_first_digits(service: CustodyService) -> None:
    offer = say(service, Offer("OP", "RES", service.cards(["LOT"]), LATER, None))
    known = [one.hash for one in service.offers()]
    assert service.named(offer.hex()[:8].upper(), known) == offer
    for prefix in ("", offer.hex()[:3], "ffffffff"):
        with pytest.raises(TallywardError, match="hash_unclear"):
            service.named(prefix, known)


def test_a_refused_entry_tells_why(service: CustodyService) -> None:
    with pytest.raises(TallywardError, match="not_holder"):
        say(service, Offer("RES", "SHOP", service.cards(["LOT"]), LATER, None))


def test_credit_is_told_to_whom_it_concerns_signed_and_noted(service: CustodyService) -> None:
    found, statement = service.credit("REG", "RES")
    assert verify(statement, [public("log")], int(START.timestamp())).score == found.score
    assert service.credit("RES", "RES")[0] == found
    with pytest.raises(TallywardError, match="look_up_forbidden"):
        service.credit("SHOP", "RES")
    say(service, Offer("OP", "RES", service.cards(["LOT"]), LATER, None))
    assert service.credit("RES", "OP")[0].size == service.machine.size
