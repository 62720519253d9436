"""Activation: rule 3 of the white paper, and every way around it that is known."""

import pytest

from tallyward.custody.card_orders import Cancel, Resume, Suspend
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.report_rows import NOBODY
from tallyward.custody.states import CardState
from tallyward.custody.transactions import Activate, ActRequest, Offer, RegisterLot, RnApprove, RnReject, Transaction
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, hash_of, lot, new_machine, say, sell

ANN, BOB = b"person-ann..", b"person-bob.."


@pytest.fixture
def machine() -> Machine:
    """A shop that holds ten cards since entry `event`."""
    found = new_machine()
    sell(found, "OP", "SHOP", Part("LOT", 0, 10, lot(found)))
    return found


def asked(machine: Machine, start: int = 0, end: int = 2) -> bytes:
    """Ask for the activation of some cards; the hash of the request."""
    event = machine.state.spans.chain(0, start)[0].cause
    one = ActRequest("SHOP", (Part("LOT", start, end, event),), b"m" * 32 * (end - start))
    say(machine, one)
    return hash_of(machine, one)


def refused(machine: Machine, one: Transaction, *keys: str) -> str:
    """The code of the refusal; the state must not change."""
    before = machine.state.root()
    with pytest.raises(TallywardError) as caught:
        say(machine, one, *keys)
    assert machine.state.root() == before
    return caught.value.code.removeprefix("custody.")


def states(machine: Machine) -> list[CardState]:
    """Of the shop's ten cards."""
    return [machine.state.spans.chain(0, slot)[0].state for slot in range(10)]


def test_requested_approved_activated(machine: Machine) -> None:
    request = asked(machine)
    assert states(machine)[:3] == [CardState.ACT_REQUESTED] * 2 + [CardState.RETAIL]
    say(machine, RnApprove("OP", request, b"\x03", ANN + BOB), "op-names")
    assert states(machine)[:2] == [CardState.RN_APPROVED] * 2
    say(machine, Activate("OP", request), "op-names")
    assert states(machine)[:3] == [CardState.ACTIVE] * 2 + [CardState.RETAIL]
    assert not machine.state.requests.rows


def test_some_of_a_request_are_approved(machine: Machine) -> None:
    request = asked(machine, 0, 5)
    say(machine, RnApprove("OP", request, bytes([0b10110]), ANN + BOB + BOB), "op-names")
    say(machine, Activate("OP", request), "op-names")
    retail, active = CardState.RETAIL, CardState.ACTIVE
    assert states(machine)[:6] == [retail, active, active, retail, active, retail]


def test_no_activation_without_approval(machine: Machine) -> None:
    assert refused(machine, Activate("OP", asked(machine)), "op-names") == "approval_missing"


def test_no_approval_of_another_request(machine: Machine) -> None:
    request = asked(machine)
    other = asked(machine, 2, 4)
    say(machine, RnApprove("OP", other, b"\x03", ANN + BOB), "op-names")
    assert refused(machine, Activate("OP", request), "op-names") == "approval_missing"
    assert refused(machine, RnApprove("OP", bytes(32), b"\x03", ANN + BOB), "op-names") == "approval_mismatch"
    assert refused(machine, RnApprove("OP", other, b"\x03", ANN + BOB), "op-names") == "approval_mismatch"
    assert refused(machine, RnReject("OP", other, "late"), "op-names") == "approval_mismatch"


def test_nobody_approves_itself(machine: Machine) -> None:
    request = asked(machine)
    assert refused(machine, RnApprove("SHOP", request, b"\x03", ANN + BOB), "shop") == "self_approval"
    assert refused(machine, Activate("SHOP", request), "shop") == "self_approval"
    assert refused(machine, RnApprove("OP", request, b"\x03", ANN + BOB), "shop") == "signature_invalid"


def test_only_the_operators_key_for_real_names(machine: Machine) -> None:
    request = asked(machine)
    assert refused(machine, RnApprove("OP", request, b"\x03", ANN + BOB), "op") == "role_forbidden"
    assert refused(machine, RnApprove("OP2", request, b"\x03", ANN + BOB), "op2") == "other_operator"
    assert refused(machine, RnApprove("RES", request, b"\x03", ANN + BOB), "reseller") == "role_forbidden"


def test_a_person_has_a_quota_that_counts_all_its_cards(machine: Machine) -> None:
    first = asked(machine)
    say(machine, RnApprove("OP", first, b"\x03", ANN + ANN), "op-names")
    second = asked(machine, 2, 4)
    assert refused(machine, RnApprove("OP", second, b"\x03", ANN + ANN), "op-names") == "quota_exceeded"
    say(machine, RnApprove("OP", second, b"\x03", ANN + BOB), "op-names")


@pytest.mark.parametrize(
    ("bits", "persons"),
    [
        (b"", b""),
        (b"\x07", ANN * 3),
        (b"\x03", ANN),
        (b"\x01", ANN * 2),
        (b"\x03\x00", ANN * 2),
        (b"\x03", ANN + NOBODY),
    ],
)
def test_an_approval_must_fit_its_request(machine: Machine, bits: bytes, persons: bytes) -> None:
    assert refused(machine, RnApprove("OP", asked(machine), bits, persons), "op-names") == "approval_form"


def test_a_request_must_be_the_shops_own_with_material_for_each_card(machine: Machine) -> None:
    event = machine.state.spans.chain(0, 0)[0].cause
    part = Part("LOT", 0, 2, event)
    assert refused(machine, ActRequest("SHOP", (part,), b"m" * 63)) == "material_missing"
    assert refused(machine, ActRequest("RES", (part,), b"m" * 64)) == "not_holder"
    start = machine.state.spans.chain(0, 500)[0].cause
    assert refused(machine, ActRequest("OP", (Part("LOT", 500, 502, start),), b"m" * 64)) == "state_forbids"
    request = asked(machine)
    assert refused(machine, Offer("SHOP", "RES", (part,), LATER, None)) == "input_consumed"
    say(machine, RnReject("OP", request, "not readable"), "op-names")
    assert states(machine)[:2] == [CardState.RETAIL] * 2


def test_active_cards_are_stopped_resumed_and_ended_by_their_operator(machine: Machine) -> None:
    request = asked(machine)
    say(machine, RnApprove("OP", request, b"\x03", ANN + BOB), "op-names")
    event = say(machine, Activate("OP", request), "op-names")
    event = say(machine, Suspend("OP", (Part("LOT", 0, 1, event),), "misuse"))
    event = say(machine, Resume("OP", (Part("LOT", 0, 1, event),), "settled"))
    say(machine, Cancel("OP", (Part("LOT", 0, 1, event),), "ended"))
    assert states(machine)[:2] == [CardState.CANCELLED, CardState.ACTIVE]


def test_a_request_may_name_cards_of_one_operator_only(machine: Machine) -> None:
    start = say(machine, RegisterLot("OP2", "LOT2", 10, bytes(32), "NB-IoT", "cn-2019-chain"), "op2")
    other = sell(machine, "OP2", "SHOP", Part("LOT2", 0, 5, start))
    event = machine.state.spans.chain(0, 0)[0].cause
    parts = (Part("LOT", 0, 1, event), Part("LOT2", 0, 1, other))
    assert refused(machine, ActRequest("SHOP", parts, b"m" * 64)) == "one_operator"
