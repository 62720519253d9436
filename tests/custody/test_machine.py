"""The machine against a naive table of single cards, and against forged, foreign and changed entries."""

from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tallyward.custody.apply_devices import devices_so_far
from tallyward.custody.card_orders import Cancel, CardOrder, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.entry import body_of, entry_of, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.refusals import named as named_pieces
from tallyward.custody.report_rows import NOBODY
from tallyward.custody.reports import OrderSuspend
from tallyward.custody.states import STOCK, CardState
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    BindDevice,
    Offer,
    RegisterLot,
    Reject,
    RnApprove,
    Sale,
    Transaction,
    Withdraw,
)
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, NOW, OWN, RULES, genesis, hash_of, lot, new_machine, say, sell, signed

CARDS = 10_000
TRADERS = ("OP", "RES", "SHOP", "MAKER")
KIND = {"OP": "operator", "RES": "reseller", "SHOP": "retail", "MAKER": "maker"}
PEOPLE = tuple(b"person-%05d" % at for at in range(5))
ORDERS: dict[type[CardOrder], dict[CardState, CardState]] = {
    Suspend: {CardState.ACTIVE: CardState.SUSPENDED},
    Resume: {CardState.SUSPENDED: CardState.ACTIVE},
    Cancel: {CardState.ACTIVE: CardState.CANCELLED, CardState.SUSPENDED: CardState.CANCELLED},
    Quarantine: {CardState.CANCELLED: CardState.QUARANTINE},
    Recycle: {CardState.QUARANTINE: CardState.RECYCLED},
}
BINDABLE = {CardState.REGISTERED, CardState.HELD, CardState.RETAIL, CardState.ACTIVE, CardState.SUSPENDED}
SLOTS = st.integers(0, CARDS - 1) | st.integers(0, 20)


@dataclass
class Card:
    """One card of the naive model."""

    holder: str
    state: CardState
    cause: int
    hops: int = 0
    person: bytes = NOBODY
    devices: int = 0
    ordered: frozenset[bytes] = frozenset()


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
        self.lots = 0
        for buyer, first, end in (("RES", 0, 5), ("SHOP", 5, 9), ("MAKER", 9, 13)):
            slots = range(first, end)
            self._put(slots, buyer, self._rests(buyer), sell(self.machine, "OP", buyer, *self._part(slots)), hop=1)
        for at in range(13, 18):
            self.whole_way(at, PEOPLE[at % 4])
        for end in (15, 16, 17, 18):
            for form in (Cancel, Quarantine, Recycle)[: end - 14]:
                self._ordered(form, range(end - 1, end), "op")

    def _say(self, one: Transaction, key: str, expected: bool, *others: str) -> int | None:
        """Say it; it must be taken exactly if the naive model expects so."""
        entry = signed(self.machine.id, one, key, *others)
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
            card = self.cards[slot]
            self.cards[slot] = replace(card, holder=holder, state=state, cause=cause, hops=card.hops + hop)

    def _run(self, start: int, size: int, state: CardState | None, pick: int) -> range:
        """Slots to speak of: of a span in some state if there is one, else anywhere."""
        spans = [one for one in self.machine.state.spans.standing(0) if one.state is state]
        if spans and pick:
            one = spans[pick % len(spans)]
            start = one.start + start % (one.end - one.start)
            size = min(size, one.end - start + (pick == 1))
        return range(start, min(start + size, CARDS))

    def _same(self, slots: range) -> bool:
        """Whether all of these cards stand under the event of the first one."""
        return all(self.cards[slot].cause == self.cards[slots.start].cause for slot in slots)

    def _part(self, slots: range) -> tuple[Part, ...]:
        return (Part("LOT", slots.start, slots.stop, self.cards[slots.start].cause),)

    @rule(
        seller=st.sampled_from(TRADERS),
        buyer=st.sampled_from(TRADERS),
        start=st.integers(0, CARDS - 1) | st.integers(0, 20),
        size=st.integers(1, 40) | st.just(CARDS),
        other=st.none() | st.integers(0, 30),
        pick=st.integers(0, 9),
        at_once=st.sampled_from(["", "", "", "signed by both", "by the seller alone", "by somebody else"]),
    )
    def offer(self, seller: str, buyer: str, start: int, size: int, other: int | None, pick: int, at_once: str) -> None:
        slots = self._run(start, size, [CardState.REGISTERED, CardState.HELD, CardState.RETAIL][pick % 3], pick)
        seller = self.cards[slots.start].holder if pick % 4 else seller
        cause = self.cards[slots.start].cause if other is None or pick % 3 else other
        parts = (Part("LOT", slots.start, slots.stop, cause),)
        free = {CardState.REGISTERED, CardState.HELD, CardState.RETAIL}
        good = (
            seller != buyer
            and (KIND[seller], KIND[buyer]) in RULES.pairs
            and all(
                card.holder == seller and card.cause == cause and card.state in free and card.hops < RULES.most_hops
                for card in (self.cards[slot] for slot in slots)
            )
        )
        if at_once:
            others = {"signed by both": [OWN[buyer]], "by somebody else": ["unit"]}.get(at_once, [])
            expected = good and at_once[0] == "s"
            number = self._say(Sale(seller, buyer, parts, None), OWN[seller], expected, *others)
            if number is not None:
                self._put(slots, buyer, self._rests(buyer), number, hop=1)
            return
        one = Offer(seller, buyer, parts, LATER, None)
        number = self._say(one, OWN[seller], good)
        if number is not None:
            self.offers[hash_of(self.machine, one)] = one
            self._put(slots, seller, CardState.OFFERED, number)

    @rule(
        pick=st.integers(0, 50),
        who=st.sampled_from(TRADERS),
        right=st.sampled_from([True, True, False]),
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

    @rule(start=SLOTS, size=st.integers(1, 12), who=st.sampled_from(["SHOP", "SHOP", *TRADERS]), pick=st.integers(0, 9))
    def request(self, start: int, size: int, who: str, pick: int) -> None:
        slots = self._run(start, size, CardState.RETAIL, pick)
        cause = self.cards[slots.start].cause
        one = ActRequest(who, (Part("LOT", slots.start, slots.stop, cause),), bytes(32 * len(slots)))
        good = all(
            card.holder == who and card.cause == cause and card.state is CardState.RETAIL
            for card in (self.cards[slot] for slot in slots)
        )
        number = self._say(one, OWN[who], good)
        if number is not None:
            self.requests[hash_of(self.machine, one)] = one, 0
            self._put(slots, who, CardState.ACT_REQUESTED, number)

    @rule(
        pick=st.integers(0, 50),
        bits=st.integers(0, 4095),
        key=st.sampled_from(["op-names", "op-names", "op", "shop"]),
        first=st.integers(0, 4),
    )
    def approve(self, pick: int, bits: int, key: str, first: int) -> None:
        if not self.requests:
            return
        named = list(self.requests)[pick % len(self.requests)]
        one, approved = self.requests[named]
        slots = range(one.parts[0].start, one.parts[0].end)
        bits &= (1 << len(slots)) - 1
        people = [PEOPLE[(first + at) % len(PEOPLE)] for at in range(bits.bit_count())]
        had = Counter(card.person for card in self.cards if card.person != NOBODY)
        had.update(people)
        fits = all(had[person] <= RULES.person_cards for person in people)
        said = RnApprove("OP", named, bits.to_bytes((len(slots) + 7) // 8, "little"), b"".join(people))
        number = self._say(said, key, key == "op-names" and not approved and fits)
        if number is None:
            return
        for at, slot in enumerate(slots):
            state = CardState.RN_APPROVED if bits >> at & 1 else CardState.RETAIL
            self._put(range(slot, slot + 1), "SHOP", state, number)
            if bits >> at & 1:
                self.cards[slot].person = people.pop(0)
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

    @rule(
        form=st.sampled_from([Suspend, Suspend, Resume, Cancel, Cancel, Quarantine, Recycle]),
        start=SLOTS,
        size=st.integers(1, 8),
        pick=st.integers(0, 9),
        key=st.sampled_from(["op", "op", "op", "reseller"]),
    )
    def order(self, form: type[CardOrder], start: int, size: int, pick: int, key: str) -> None:
        slots = self._run(start, size, next(iter(ORDERS[form])), pick)
        self._ordered(form, slots, key)

    def _ordered(self, form: type[CardOrder], slots: range, key: str) -> None:
        good = key == "op" and self._same(slots) and all(self.cards[slot].state in ORDERS[form] for slot in slots)
        number = self._say(form("OP", self._part(slots), "x"), key, good)
        if number is None:
            return
        for slot in slots:
            card = self.cards[slot]
            card.state, card.cause = ORDERS[form][card.state], number
            card.person = NOBODY if form is Cancel else card.person
            card.ordered = frozenset() if form in {Suspend, Cancel} else card.ordered

    @rule(lose=st.booleans(), start=SLOTS, size=st.integers(1, 8), pick=st.integers(0, 9), who=st.sampled_from(TRADERS))
    def lose_or_find(self, lose: bool, start: int, size: int, pick: int, who: str) -> None:
        wanted = {CardState.HELD, CardState.RETAIL} if lose else {CardState.LOST}
        slots = self._run(start, size, self._rests(who) if lose else CardState.LOST, pick)
        cards = [self.cards[slot] for slot in slots]
        who = cards[0].holder if pick % 3 else who
        good = self._same(slots) and all(card.holder == who and card.state in wanted for card in cards)
        number = self._say((Lose if lose else Find)(who, self._part(slots), "x"), OWN[who], good)
        if number is not None:
            self._put(slots, who, CardState.LOST if lose else self._rests(who), number)

    @rule(
        start=SLOTS, size=st.integers(1, 8), pick=st.integers(0, 9), who=st.sampled_from(["OP", "OP", "MAKER", "RES"])
    )
    def bind(self, start: int, size: int, pick: int, who: str) -> None:
        slots = self._run(start, size, [CardState.ACTIVE, CardState.HELD][pick % 2], pick)
        cards = [self.cards[slot] for slot in slots]
        good = who != "RES" and self._same(slots)
        good = good and all(card.state in BINDABLE and who in {"OP", card.holder} for card in cards)
        number = self._say(BindDevice(who, self._part(slots), bytes(32 * len(slots))), OWN[who], good)
        if number is not None:
            for card in cards:
                card.cause, card.devices = number, card.devices + 1

    @rule(start=SLOTS, size=st.integers(1, 8), pick=st.integers(0, 9), late=st.booleans())
    def order_suspend(self, start: int, size: int, pick: int, late: bool) -> None:
        slots = self._run(start, size, CardState.ACTIVE, pick)
        cards = [self.cards[slot] for slot in slots]
        one = OrderSuspend("REG", self._part(slots), NOW if late else LATER, f"{self.machine.size}")
        good = not late and self._same(slots) and all(card.state is CardState.ACTIVE for card in cards)
        if self._say(one, "regulator", good) is not None:
            for card in cards:
                card.ordered |= {hash_of(self.machine, one)}

    @rule(start=SLOTS, size=st.integers(1, 8), pick=st.integers(0, 9), more=st.integers(0, 5))
    def register_again(self, start: int, size: int, pick: int, more: int) -> None:
        slots = self._run(start, size, CardState.RECYCLED, pick)
        good = self._same(slots) and all(self.cards[slot].state is CardState.RECYCLED for slot in slots)
        count = len(slots) + (more == 1)
        one = RegisterLot("OP", f"AGAIN-{self.lots}", count, bytes(32), "NB-IoT", RULES.id, self._part(slots))
        number = self._say(one, "op", good and more != 1)
        if number is not None:
            self.lots += 1
            assert [self.machine.state.earlier(self.lots, at) for at in range(count)] == [(0, slot) for slot in slots]
            for slot in slots:
                self.cards[slot].state, self.cards[slot].cause = CardState.REISSUED, number

    @rule(at=SLOTS, person=st.sampled_from(PEOPLE))
    def whole_way(self, at: int, person: bytes) -> None:
        """A fresh card becomes active, so that what happens to active cards is tried often."""
        card = self.cards[at]
        if card.state is not CardState.REGISTERED or sum(one.person == person for one in self.cards) >= 3:
            return
        slots = range(at, at + 1)
        held = sell(self.machine, "OP", "SHOP", *self._part(slots))
        asked = ActRequest("SHOP", (Part("LOT", at, at + 1, held),), bytes(32))
        say(self.machine, asked)
        say(self.machine, RnApprove("OP", hash_of(self.machine, asked), b"\1", person), "op-names")
        number = say(self.machine, Activate("OP", hash_of(self.machine, asked)), "op-names")
        self._put(slots, "SHOP", CardState.ACTIVE, number, hop=1)
        self.cards[at].person = person

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
            piece = named_pieces(state, (Part("LOT", span.start, span.end, span.cause),))[0]
            devices = devices_so_far(state, piece)
            for card in self.cards[span.start : span.end]:
                assert (holder, span.state, span.cause, span.hops) == (card.holder, card.state, card.cause, card.hops)
                assert devices == card.devices
        self._what_is_counted()

    def _what_is_counted(self) -> None:
        """Persons, stock and open orders are those of the naive cards."""
        state = self.machine.state
        assert state.tallies.persons == Counter(card.person for card in self.cards if card.person != NOBODY)
        stock = Counter(card.holder for card in self.cards if card.state in STOCK)
        for member in TRADERS:
            assert state.tallies.stock[state.members.rows[member.encode()].number][0] == stock[member]
        waiting = {(key, slot) for slot, card in enumerate(self.cards) for key in card.ordered}
        rows = state.orders.rows.items()
        assert waiting == {(key, slot) for key, row in rows for _, a, b in row.parts for slot in range(a, b)}
        assert all(bool(row.met) == (not row.parts) for _, row in rows)


TestCustody = Custody.TestCase
TestCustody.settings = settings(
    max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
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
