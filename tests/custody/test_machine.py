"""The machine against a naive table of single cards, and against forged, foreign and changed entries."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tallyward.custody.entry import body_of, entry_of, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.states import CardState
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    Offer,
    Reject,
    RnApprove,
    Transaction,
    Withdraw,
)
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, NOW, OWN, RULES, genesis, hash_of, lot, new_machine, say, sell, signed

CARDS = 10_000
TRADERS = ("OP", "RES", "SHOP")
KIND = {"OP": "operator", "RES": "reseller", "SHOP": "retail"}


@dataclass
class Card:
    """One card of the naive model."""

    holder: str
    state: CardState
    cause: int
    hops: int = 0


class Custody(RuleBasedStateMachine):
    """Random sales, answers and activations, many of them forbidden, on ten thousand cards."""

    @initialize()
    def begin(self) -> None:
        self.machine = new_machine()
        start = lot(self.machine, count=CARDS)
        self.cards = [Card("OP", CardState.REGISTERED, start) for _ in range(CARDS)]
        self.offers: dict[bytes, Offer] = {}
        self.requests: dict[bytes, tuple[ActRequest, int]] = {}
        self.said: list[bytes] = []

    def _say(self, one: Transaction, key: str, expected: bool) -> int | None:
        """Say it; it must be taken exactly if the naive model expects so."""
        entry = signed(self.machine.id, one, key)
        before = self.machine.size
        try:
            number = self.machine.take(self.machine.judge(read(entry), NOW))
        except TallywardError as error:
            assert not expected, error
            assert self.machine.size == before
            return None
        assert expected, one
        self.said.append(entry)
        return number

    def _rests(self, holder: str) -> CardState:
        return CardState.RETAIL if holder == "SHOP" else CardState.HELD

    def _put(self, slots: range, holder: str, state: CardState, cause: int, hop: int = 0) -> None:
        for slot in slots:
            self.cards[slot] = Card(holder, state, cause, self.cards[slot].hops + hop)

    @rule(
        seller=st.sampled_from(TRADERS),
        buyer=st.sampled_from(TRADERS),
        start=st.integers(0, CARDS - 1) | st.integers(0, 20),
        size=st.integers(1, 40) | st.just(CARDS),
        stale=st.booleans(),
        other=st.integers(0, 30),
    )
    def offer(self, seller: str, buyer: str, start: int, size: int, stale: bool, other: int) -> None:
        slots = range(start, min(start + size, CARDS))
        cause = other if stale else self.cards[start].cause
        one = Offer(seller, buyer, (Part("LOT", slots.start, slots.stop, cause),), LATER, None)
        free = {CardState.REGISTERED, CardState.HELD, CardState.RETAIL}
        good = (KIND[seller], KIND[buyer]) in RULES.pairs and all(
            card.holder == seller and card.cause == cause and card.state in free and card.hops < RULES.most_hops
            for card in (self.cards[slot] for slot in slots)
        )
        number = self._say(one, OWN[seller], good)
        if number is not None:
            self.offers[hash_of(self.machine, one)] = one
            self._put(slots, seller, CardState.OFFERED, number)

    @rule(
        pick=st.integers(0, 50),
        who=st.sampled_from(TRADERS),
        right=st.booleans(),
        answer=st.sampled_from(["accept", "reject", "back"]),
    )
    def answer(self, pick: int, who: str, right: bool, answer: str) -> None:
        if not self.offers:
            return
        named = list(self.offers)[pick % len(self.offers)]
        offer = self.offers[named]
        due = offer.seller if answer == "back" else offer.buyer
        speaker = due if right else who
        form = {"accept": Accept, "reject": Reject, "back": Withdraw}[answer]
        number = self._say(form(speaker, named), OWN[speaker], speaker == due)
        if number is not None:
            holder = offer.buyer if answer == "accept" else offer.seller
            slots = range(offer.parts[0].start, offer.parts[0].end)
            self._put(slots, holder, self._rests(holder), number, hop=answer == "accept")
            del self.offers[named]

    @rule(start=st.integers(0, CARDS - 1) | st.integers(0, 20), size=st.integers(1, 12), who=st.sampled_from(TRADERS))
    def request(self, start: int, size: int, who: str) -> None:
        slots = range(start, min(start + size, CARDS))
        cause = self.cards[start].cause
        one = ActRequest(who, (Part("LOT", slots.start, slots.stop, cause),), bytes(32 * len(slots)))
        good = all(
            card.holder == who and card.cause == cause and card.state is CardState.RETAIL
            for card in (self.cards[slot] for slot in slots)
        )
        number = self._say(one, OWN[who], good)
        if number is not None:
            self.requests[hash_of(self.machine, one)] = one, 0
            self._put(slots, who, CardState.ACT_REQUESTED, number)

    @rule(pick=st.integers(0, 50), bits=st.integers(0, 4095), key=st.sampled_from(["op-names", "op", "shop"]))
    def approve(self, pick: int, bits: int, key: str) -> None:
        if not self.requests:
            return
        named = list(self.requests)[pick % len(self.requests)]
        one, approved = self.requests[named]
        slots = range(one.parts[0].start, one.parts[0].end)
        bits &= (1 << len(slots)) - 1
        persons = b"".join(f"{self.machine.size:06d}{at:06d}".encode() for at in range(bits.bit_count()))
        said = RnApprove("OP", named, bits.to_bytes((len(slots) + 7) // 8, "little"), persons)
        number = self._say(said, key, key == "op-names" and not approved)
        if number is None:
            return
        for at, slot in enumerate(slots):
            state = CardState.RN_APPROVED if bits >> at & 1 else CardState.RETAIL
            self._put(range(slot, slot + 1), "SHOP", state, number)
        if bits:
            self.requests[named] = one, bits
        else:
            del self.requests[named]

    @rule(pick=st.integers(0, 50), key=st.sampled_from(["op-names", "op-names", "op", "shop"]))
    def activate(self, pick: int, key: str) -> None:
        if not self.requests:
            return
        named = list(self.requests)[pick % len(self.requests)]
        one, approved = self.requests[named]
        number = self._say(Activate("OP", named), key, key == "op-names" and bool(approved))
        if number is None:
            return
        for at, slot in enumerate(range(one.parts[0].start, one.parts[0].end)):
            if approved >> at & 1:
                self._put(range(slot, slot + 1), "SHOP", CardState.ACTIVE, number)
        del self.requests[named]

    @rule(pick=st.integers(0, 200))
    def replay(self, pick: int) -> None:
        if self.said:
            with pytest.raises(TallywardError):
                self.machine.judge(read(self.said[pick % len(self.said)]), NOW)

    @invariant()
    def the_spans_are_the_cards(self) -> None:
        if not hasattr(self, "cards"):
            return
        state = self.machine.state
        begin = 0
        for span in state.spans.standing(0):
            assert span.start == begin
            begin = span.end
            holder = state.members_by_number[span.holder]
            for slot in {span.start, (span.start + span.end) // 2, span.end - 1}:
                card = self.cards[slot]
                assert (holder, span.state, span.cause, span.hops) == (card.holder, card.state, card.cause, card.hops)
        assert begin == CARDS

    def teardown(self) -> None:
        if not hasattr(self, "cards"):
            return
        state = self.machine.state
        for span in state.spans.standing(0):
            holder = state.members_by_number[span.holder]
            for card in self.cards[span.start : span.end]:
                assert (holder, span.state, span.cause, span.hops) == (card.holder, card.state, card.cause, card.hops)


TestCustody = Custody.TestCase
TestCustody.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def code_of(machine: Machine, entry: bytes) -> str:
    """Why an entry is refused."""
    with pytest.raises(TallywardError) as caught:
        machine.judge(read(entry), NOW)
    return caught.value.code.removeprefix("custody.")


def test_forged_foreign_and_empty_signatures() -> None:
    machine = new_machine()
    one = Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None)
    assert code_of(machine, signed(machine.id, one, "reseller")) == "signature_invalid"
    assert code_of(machine, signed(machine.id, one, "stranger")) == "signature_invalid"
    assert code_of(machine, signed(machine.id, one)) == "signature_invalid"
    assert code_of(machine, signed(machine.id, one, "op", "op")) == "malformed"
    assert code_of(machine, signed(machine.id, one, "op", "reseller")) == "signature_invalid"
    assert code_of(machine, signed(bytes(16), one, "op")) == "wrong_ledger"
    assert code_of(machine, genesis()) == "wrong_ledger"
    good = parse_entry(signed(machine.id, one, "op"))
    other = body_of(machine.id, Offer("OP", "SHOP", one.parts, LATER, None))
    assert code_of(machine, entry_of(other, good.signatures)) == "signature_invalid"


def test_a_signature_checked_for_one_body_is_not_believed_for_another() -> None:
    machine = new_machine()
    one = Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None)
    good = parse_entry(signed(machine.id, one, "op"))
    proven = {(good.signatures[0].key, good.signatures[0].value, good.body)}
    other = body_of(machine.id, Offer("OP", "SHOP", one.parts, LATER, None))
    with pytest.raises(TallywardError):
        machine.judge(read(entry_of(other, good.signatures)), NOW, proven)
    assert machine.judge(good, NOW, proven).moves


def test_any_byte_of_an_entry_changed_is_refused() -> None:
    machine = new_machine()
    entry = signed(machine.id, Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None), "op")
    for at in range(len(entry)):
        changed = entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]
        if _readable(changed):
            code_of(machine, changed)


def _readable(entry: bytes) -> bool:
    try:
        read(entry)
    except TallywardError:
        return False
    return True


def test_too_large_and_too_strange() -> None:
    for entry, code in ((bytes(1_000_001), "custody.too_large"), (b"\x00", "custody.malformed")):
        with pytest.raises(TallywardError) as caught:
            read(entry)
        assert caught.value.code == code


def test_nobody_ends_a_block_but_the_machine() -> None:
    machine = new_machine()
    block = parse_entry(machine.end_block(NOW)).transaction
    assert code_of(machine, signed(machine.id, block, "op")) == "signature_invalid"


def test_the_same_entries_give_the_same_root() -> None:
    roots = set()
    for _ in range(2):
        machine = new_machine()
        sell(machine, "OP", "SHOP", Part("LOT", 0, 5, lot(machine)))
        roots.add(machine.end_block(NOW))
    assert len(roots) == 1


def test_a_purpose_is_asked_for() -> None:
    machine = new_machine()
    lot(machine)
    with pytest.raises(TallywardError) as caught:
        say(machine, Offer("OP", "RES", (Part("LOT", 0, 5, 1),), LATER, None), "op-names")
    assert caught.value.code == "custody.role_forbidden"
