"""The way of a disclosure: the seller seals it, the buyer opens and checks it, nobody is shut out."""

from dataclasses import replace

import pytest

from tallyward.custody import disclosure, envelope, handover, readers
from tallyward.custody.codec import encode
from tallyward.custody.entry import Entry, key_id
from tallyward.custody.envelope import Context, Use
from tallyward.custody.machine import read
from tallyward.custody.transactions import KeyAdd, MemberRemove, Offer, Sale, Withdraw
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, public, say, signed
from tests.custody.test_disclosure import MACHINE, NUMBERS, TERMS, WHOLE, given, offer, registered

STATE = MACHINE.state
KEY = Secret(bytes(range(32)))


def entry(one: Offer | Sale | Withdraw) -> Entry:
    return read(signed(MACHINE.id, one, "op"))


OFFER = entry(offer((100, 110)))
SENT = handover.handed_over(STATE, OFFER, given(WHOLE.within(100, 110)), KEY)


def refusal(one: Entry, sent: bytes, who: str = "reseller") -> str:
    with pytest.raises(TallywardError) as caught:
        handover.received(STATE, one, sent, KEYS[who])
    return caught.value.code


def test_seller_buyer_operator_and_regulator_read_it() -> None:
    for who in ("op", "reseller", "regulator"):
        found = handover.received(STATE, OFFER, SENT, KEYS[who])
        assert found.sheets[0].numbers.reveal() == NUMBERS[100:110]
    for who in ("shop", "op2", "op-names", "stranger"):
        assert refusal(OFFER, SENT, who) == "custody.envelope_not_yours"


def test_it_belongs_to_one_offer() -> None:
    assert refusal(entry(offer((100, 110), terms=None)), SENT) == "custody.envelope_damaged"


def test_an_envelope_that_shuts_out_the_regulator_is_refused() -> None:
    context = Context(MACHINE.id, OFFER.hash, Use.TRANSFER)
    plain = given(WHOLE.within(100, 110)).bytes()
    two = envelope.sealed(plain, context, [public("op"), public("reseller")], KEY)
    assert refusal(OFFER, two.bytes()) == "custody.readers_differ"
    found = envelope.parse(SENT)
    garbage = tuple(
        one._replace(key=bytes(48)) if one.reader == key_id(public("regulator")) else one for one in found.locks
    )
    assert refusal(OFFER, replace(found, locks=garbage).bytes()) == "custody.readers_differ"


def test_a_sale_at_once_has_one_too_and_nothing_else_has() -> None:
    sale = entry(Sale("OP", "RES", offer((100, 110)).parts, TERMS.hash()))
    sent = handover.handed_over(STATE, sale, given(WHOLE.within(100, 110)), KEY)
    assert handover.received(STATE, sale, sent, KEYS["reseller"]).sheets[0].numbers.reveal() == NUMBERS[100:110]
    assert refusal(OFFER, sent) == "custody.envelope_damaged"
    assert refusal(entry(Withdraw("OP", OFFER.hash)), SENT) == "custody.disclosure_form"


def test_an_envelope_outlives_the_keys_it_was_sealed_for() -> None:
    machine, _ = registered()
    now = machine.state
    assert handover.opened(now, OFFER, SENT, KEYS["reseller"]).for_all
    say(machine, KeyAdd("REG", public("new"), 1, None, 0), "op", "op2", "regulator")
    found = handover.opened(now, OFFER, SENT, KEYS["reseller"])
    assert not found.for_all
    assert found.given.sheets[0].numbers.reveal() == NUMBERS[100:110]
    say(machine, MemberRemove("RES", 1), "op", "op2", "regulator")
    assert not handover.opened(now, OFFER, SENT, KEYS["regulator"]).for_all


def test_it_is_sent_with_what_it_belongs_to() -> None:
    file = handover.packed(OFFER, SENT)
    deal, sent = handover.unpacked(file)
    assert (deal.body, deal.hash, sent) == (OFFER.body, OFFER.hash, SENT)
    for bad in (b"", SENT, file[:-1], handover.HEADER + b"\x80", handover.HEADER + encode([b"x", SENT])):
        with pytest.raises(TallywardError, match="envelope_malformed"):
            handover.unpacked(bad)


def test_a_seller_cannot_seal_by_mistake_what_it_did_not_sell() -> None:
    for cards in (WHOLE.within(100, 111), WHOLE.within(90, 100)):
        with pytest.raises(TallywardError, match="disclosure_form"):
            handover.handed_over(STATE, OFFER, given(cards), KEY)


def test_what_lies_inside_is_checked() -> None:
    context = Context(MACHINE.id, OFFER.hash, Use.TRANSFER)
    lie = disclosure.whole_lot("LOT", [*NUMBERS[1:], NUMBERS[0]], Secret(bytes(32))).within(100, 110)
    sent = envelope.sealed(given(lie).bytes(), context, readers.of_transfer(STATE, offer((100, 110))), KEY)
    assert refusal(OFFER, sent.bytes()) == "custody.disclosure_differs"
