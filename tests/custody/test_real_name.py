"""Real-name material goes from the point of sale to the operator, and only what was hashed is approved."""

from dataclasses import replace

import pytest

from tallyward.custody import envelope, identity, readers, real_name
from tallyward.custody.codec import encode
from tallyward.custody.envelope import Context, Use
from tallyward.custody.kept import Kept
from tallyward.custody.machine import read
from tallyward.custody.transactions import Activate, Withdraw
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, say, signed
from tests.custody.people import GROUP, PEOPLE, asked, in_shop, material, random_of

MACHINE, CAUSE = in_shop()
REQUEST, KEPT = asked(MACHINE, CAUSE)


def refusal(one: Kept, who: str = "op-names", entry: object = REQUEST) -> str:
    with pytest.raises(TallywardError) as caught:
        real_name.opened(entry, one, KEYS[who])  # type: ignore[arg-type]
    assert "1949" not in str(caught.value)
    return caught.value.code


def test_the_operator_opens_checks_and_approves() -> None:
    machine, cause = in_shop()
    request, kept = asked(machine, cause)
    tokens: list[bytes | None] = []
    for one in kept:
        found = real_name.opened(request, one, KEYS["op-names"])
        assert found.person.number.reveal() == PEOPLE[one.start % 2][1]
        assert found.evidence.reveal().startswith(b"picture")
        tokens.append(identity.token(GROUP, found.person))
    first = tokens[0]
    tokens[1] = None
    answer = real_name.approval("OP", request, tokens)
    say(machine, answer, "op-names")
    say(machine, Activate("OP", request.hash), "op-names")
    assert set(machine.state.tallies.persons) == {first}
    assert first is not None
    assert first == tokens[2]
    assert machine.state.tallies.persons[first] == 2


def test_no_other_key_opens_it() -> None:
    for who in ("shop", "op", "op2", "regulator", "reseller"):
        assert refusal(KEPT[0], who) == "custody.envelope_not_yours"


def test_what_was_not_hashed_is_refused() -> None:
    context = Context(MACHINE.id, REQUEST.hash, Use.REAL_NAME)
    publics = readers.of_real_names(MACHINE.state, "OP")

    def sent(plain: bytes) -> Kept:
        return replace(KEPT[0], envelope=envelope.sealed(plain, context, publics, Secret(bytes(32))))

    assert real_name.opened(REQUEST, sent(material(0).plain()), KEYS["op-names"])
    other = replace(material(0), salt=Secret(bytes(32)))
    for plain in (other.plain(), material(1).plain(), b"", material(0).plain()[:-1]):
        assert refusal(sent(plain)) == "custody.material_differs"
    for swapped in (replace(KEPT[0], place=1), replace(KEPT[0], start=1), replace(KEPT[0], place=-1)):
        assert refusal(swapped) == "custody.material_differs"
    assert refusal(replace(KEPT[0], envelope=KEPT[1].envelope)) == "custody.material_differs"
    assert (
        refusal(KEPT[0], entry=read(signed(MACHINE.id, Withdraw("OP", bytes(32)), "op"))) == "custody.material_differs"
    )


def test_a_point_of_sale_cannot_seal_other_material_than_it_signed() -> None:
    wrong = [material(0), material(1), material(1)]
    with pytest.raises(TallywardError, match="material_differs"):
        real_name.sealed(MACHINE.state, REQUEST, wrong, [Secret(random_of(str(one))) for one in range(3)])


def test_it_is_sent_whole_and_for_one_request() -> None:
    sent = real_name.packed(REQUEST, KEPT)
    assert real_name.unpacked(sent, REQUEST) == KEPT
    other, _ = asked(*in_shop(), start=3, end=6)
    with pytest.raises(TallywardError, match="material_other"):
        real_name.unpacked(sent, other)
    for spoilt in (
        b"",
        sent[1:],
        sent[:-1],
        real_name.packed(REQUEST, KEPT[:-1]),
        real_name.packed(REQUEST, [*KEPT, KEPT[0]]),
        real_name.HEADER + encode([REQUEST.body, [b"nonsense"]]),
    ):
        with pytest.raises(TallywardError, match="envelope_malformed"):
            real_name.unpacked(spoilt, REQUEST)


def test_the_hash_hides_and_binds() -> None:
    card = real_name.Card("LOT", 0)
    here = material(0).hash(MACHINE.id, card)
    assert here != material(0).hash(MACHINE.id, card._replace(slot=1))
    assert here != material(0).hash(bytes(16), card)
    assert here != replace(material(0), salt=Secret(bytes(32))).hash(MACHINE.id, card)
    with pytest.raises(ValueError, match="32 bytes"):
        replace(material(0), salt=Secret(b"")).hash(MACHINE.id, card)
    with pytest.raises(TallywardError, match="too_large"):
        replace(material(0), evidence=Secret(bytes(2_000_000))).plain()
    assert PEOPLE[0][1] not in repr(material(0))
