"""A snapshot gives the same machine again, in every state; what is changed in it is refused or means nothing."""

import random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import rule

from tallyward.custody.entry import body_of, entry_of
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.packing import number
from tallyward.custody.snapshot import MAGIC, Snapshot, snapshot
from tallyward.custody.state import TABLES
from tallyward.custody.states import CardState
from tallyward.custody.transactions import BlockEnd, Offer, RegisterLot, Sale
from tallyward.kernel.errors import CorruptError
from tests.custody.chain import LATER, NOW, RULES, code, genesis, say
from tests.custody.market import Market
from tests.custody.test_machine import Custody
from tests.custody.whole_state import Told, everything, same, same_counts


class Reopened(Custody):
    """The random ledger of `test_machine`, which again and again goes on from its snapshot."""

    @rule()
    def reopen(self) -> None:
        if not hasattr(self, "ends"):
            self.ends: list[bytes] = []
        self.ends.append(self.machine.end_block(NOW))
        again = Snapshot(snapshot(self.machine)).machine(genesis(), self.ends)
        same(again, self.machine)
        self.machine = again

    def teardown(self) -> None:
        if hasattr(self, "cards"):
            self.reopen()
        super().teardown()


TestReopened = Reopened.TestCase
TestReopened.settings = settings(
    max_examples=25, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def told() -> Told:
    return everything()


def test_rows_of_every_table_and_cards_in_every_state_are_the_same_again(told: Told) -> None:
    state = told.machine.state
    assert all(getattr(state, name).rows for name in TABLES)
    assert {span.state for span in state.spans.history} == {*CardState}
    same(told.restored(), told.machine)


def test_it_goes_on_as_the_machine_would_have(told: Told) -> None:
    again = told.restored()
    machine = Machine(told.log[0])
    _taken(machine, told.log)
    same(again, machine)
    for each in (machine, again):
        cause = each.state.spans.at(0, 600).cause
        say(each, Sale("OP", "SHOP", (Part("LOT", 600, 650, cause),), None), now=told.now)
        assert code(each, RegisterLot("OP", "LOT", 1, bytes(32), "x", RULES.id), now=told.now) == "lot_exists"
        assert code(each, Offer("UNIT", "OP", (Part("LOT", 0, 1, cause),), LATER, None), now=told.now) == (
            "signature_invalid"
        )
    assert again.end_block(told.now) == machine.end_block(told.now)
    same(again, machine)


def test_a_ledger_without_cards() -> None:
    told = Told()
    same(told.restored(), told.machine)


def test_days_of_a_market() -> None:
    market = Market({"RES": "reseller", "SHOP": "retail"})
    for day in range(4):
        market.lot(f"L{day}", 100)
        market.sell(f"L{day}", 0, 60, "OP", "RES", "SHOP")
        market.activate("SHOP", f"L{day}", 10, 30, rejected=day)
        market.incident("voice", f"L{day}", 12, 14)
        market.join(f"NEW-{day}", "reseller")
        market.pass_days(day + 1)
    log = [data for _, data in market.entries]
    found = Snapshot(snapshot(market.machine))
    same(found.machine(log[0], [log[end] for end in found.ends.tolist()]), market.machine)


def test_any_byte_changed_is_refused_or_means_nothing(told: Told) -> None:
    whole = snapshot(told.machine)
    chance = random.Random(5)
    ways = _ways(told.machine)
    kept = 0
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        try:
            found = Snapshot(changed)
            again = found.machine(told.log[0], [told.log[end] for end in found.ends.tolist() if end < len(told.log)])
        except CorruptError as refusal:
            assert refusal.code == "custody.snapshot_refused"
            continue
        kept += 1
        assert again.state.root() == told.machine.state.root()
        assert _ways(again) == ways
        same_counts(again.state.tallies, told.machine.state.tallies)
    assert kept < 10


def test_bytes_that_are_cut_or_go_on_are_refused(told: Told) -> None:
    whole = snapshot(told.machine)
    for data in [whole[:end] for end in range(0, len(whole), 7)] + [whole + b"\0", bytes(100), MAGIC + b"\xff" * 500]:
        with pytest.raises(CorruptError, match="snapshot_refused"):
            Snapshot(data)


def test_a_foreign_ledger_or_log_proves_nothing(told: Told) -> None:
    found = Snapshot(snapshot(told.machine))
    blocks = [told.log[end] for end in found.ends.tolist()]
    other = Market({}).entries[0][1]
    late = read(blocks[1]).transaction
    assert isinstance(late, BlockEnd)
    forged = entry_of(body_of(told.machine.id, BlockEnd(late.height, 0, late.root)), ())
    for first, ends, why in (
        (other, blocks, "another ledger"),
        (b"none", blocks, "begins no ledger"),
        (told.log[0], blocks[:-1], "ends no such block"),
        (told.log[0], [*blocks, blocks[-1]], "ends no such block"),
        (told.log[0], [blocks[0], forged, *blocks[2:]], "ends no such block"),
        (told.log[0], [blocks[1], blocks[0], *blocks[2:]], "ends no such block"),
        (told.log[0], [told.log[2], *blocks[1:]], "ends no such block"),
        (told.log[0], [*blocks[:-1], blocks[-1][:-2] + b"\xff\x80"], "root is not the one"),
    ):
        with pytest.raises(CorruptError) as caught:
            found.machine(first, ends)
        assert why in str(caught.value.parameters["problem"])


def test_a_root_that_the_log_does_not_have_is_refused_before_a_row_is_read(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Snapshot, "_filled", lambda *_: pytest.fail("a row was read"))
    whole = snapshot(told.machine)
    at = whole.index(b"Control centre")
    found = Snapshot(whole[:at] + b"Other centre  "[:14] + whole[at + 14 :])
    with pytest.raises(CorruptError, match="snapshot_refused"):
        found.machine(told.log[0], [told.log[end] for end in found.ends.tolist()])


def test_a_span_on_no_cards_way_is_refused(told: Told) -> None:
    """The root does not cover it: it would be a place to hide things."""
    whole = snapshot(told.machine)
    history = told.machine.state.spans.history
    begin = whole.index(number(len(history)) + bytes(4))
    ways = begin + 8 + 19 * len(history)
    parents = ways + 4 * len(history)
    more = [number(len(history) + 1), whole[begin + 8 : ways], bytes(19), whole[ways:parents], bytes(4)]
    with pytest.raises(CorruptError, match="snapshot_refused"):
        Snapshot(whole[:begin] + b"".join(more) + whole[parents:])


def _taken(machine: Machine, log: list[bytes]) -> None:
    waiting: list[bytes] = []
    for data in log[1:]:
        one = read(data).transaction
        if not isinstance(one, BlockEnd):
            waiting.append(data)
            continue
        for each in waiting:
            machine.take(machine.judge(read(each), one.time))
        waiting.clear()
        assert machine.end_block(one.time) == data


def _ways(machine: Machine) -> list[list[tuple[object, ...]]]:
    """The way of every card, without the slots that former spans began with."""
    spans = machine.state.spans
    return [
        [(one.holder, one.state, one.cause, one.hops, one.link) for one in spans.chain(lot, span.start)]
        + [(span.start, span.end)]
        for lot in range(len(machine.state.lots_by_number))
        for span in spans.standing(lot)
    ]
