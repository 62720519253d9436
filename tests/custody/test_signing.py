from nacl.signing import SigningKey

from tallyward.custody.entry import body_of
from tallyward.custody.machine import read
from tallyward.custody.signing import countersigned, signed
from tallyward.custody.transactions import RegisterLot
from tests.custody.chain import KEYS, NOW, RULES, new_machine

LOT = RegisterLot("OP", "LOT", 10, bytes(32), "NB", RULES.id)


def test_what_is_signed_is_taken() -> None:
    machine = new_machine()
    assert machine.judge(read(signed(machine.id, LOT, KEYS["op"])), NOW)


def test_hands_sign_the_same_body_one_after_another() -> None:
    body = body_of(bytes(16), LOT)
    both = read(countersigned(body, KEYS["op"], KEYS["op2"]))
    assert [one for key in ("op", "op2") for one in read(countersigned(body, KEYS[key])).signatures] == [
        *both.signatures
    ]
    assert read(countersigned(body)).signatures == ()
    assert read(countersigned(body, SigningKey.generate())).body == body
