from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from nacl.signing import SigningKey

from tallyward.custody import breaks, ledger_breaks
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.ledger_breaks import StockCount
from tallyward.custody.machine import read
from tallyward.custody.reports import StockReport
from tallyward.custody.usage_facts import StrangerUsage
from tallyward.kernel.clock import SECONDS_PER_DAY, FixedClock
from tallyward.simulate.chain import Chain, plan_chain
from tallyward.simulate.chain_verdict import judge_chain
from tallyward.simulate.enterprises import FIRMS
from tallyward.simulate.fleet import build_fleet
from tallyward.simulate.numbering import iccids
from tests.custody.usage import Network, Seen
from tests.simulate.chain_run import Run, run
from tests.simulate.conftest import DAY

IN_USE = {
    "REGISTERED": "stock_in_use",
    "HELD": "stock_in_use",
    "RETAIL": "stock_in_use",
    "OFFERED": "in_transit_in_use",
    "ACT_REQUESTED": "before_activation",
    "RN_APPROVED": "before_activation",
    "SUSPENDED": "suspended_in_use",
    "CANCELLED": "cancelled_in_use",
    "QUARANTINE": "cancelled_in_use",
    "LOST": "lost_in_use",
}
"""The break that traffic of a card is, by the card's state on the ledger."""


def stock_differences(ledger: Run) -> list[tuple[str, str]]:
    """Of the last block's reports, lot by lot: what is told against what a look at every span finds."""
    state = ledger.machine.state
    held: Counter[tuple[str, str]] = Counter()
    for lot, name in enumerate(state.lots_by_number):
        for span in state.spans.standing(lot):
            if span.state.name in {"HELD", "OFFERED", "RETAIL", "ACT_REQUESTED", "RN_APPROVED"}:
                held[ledger.holder(span), name] += span.end - span.start
    reports = [read(data).transaction for data in ledger.blocks[-1].entries]
    told = {(one.by, lot): cards for one in reports if isinstance(one, StockReport) for lot, cards in one.stock}
    assert {one.by for one in reports if isinstance(one, StockReport)} == {who for who, _ in held} - {"op-huaxun"}
    return [("stock_difference", f"{who} {lot}") for (who, lot), cards in told.items() if held[who, lot] != cards]


def test_the_ledger_refuses_what_was_planted_and_nothing_else(ledger: Run) -> None:
    assert ledger.refused == [(one.code, one.hash) for one in ledger.attempts]
    assert len(ledger.refused) > 10


def test_every_card_is_in_one_slot_but_those_planted_in_none(chain: Chain, ledger: Run) -> None:
    fleet = chain.fleet
    missing = set(iccids(fleet.cards_between(1, fleet.cards).number)) - ledger.slots.keys()
    assert missing == {number for kind, number in chain.planted if kind == "not_in_lot"}
    assert all(len(places) == 1 for places in ledger.slots.values())
    assert len(ledger.slots) == fleet.cards - len(missing)
    rows = ledger.machine.state.lots.rows
    assert {book.lot: len(book.numbers) for book in ledger.books} == {row.id: row.cards for row in rows.values()}


def test_a_naive_look_at_every_card_finds_what_was_planted(chain: Chain, ledger: Run) -> None:
    cards, records = chain.fleet.block(1, chain.fleet.cards)
    seen = Counter(records.card.tolist())
    offers = list(ledger.machine.state.offers.rows.values())
    found = []
    for at, number in enumerate(iccids(cards.number)):
        if number not in ledger.slots:
            assert seen[at]
            found.append(("not_in_lot", number))
            continue
        state = ledger.state(number)
        if seen[at] and state != "ACTIVE":
            found.append((IN_USE[state], number))
        ((lot, slot),) = ledger.slots[number]
        lot_number = ledger.machine.state.lots.rows[lot.encode()].number
        standing = [one for one in offers if any(p[0] == lot_number and p[1] <= slot < p[2] for p in one.parts)]
        if standing and standing[0].expires <= chain.fleet.scene.start:
            found.append(("transit_overdue", number))
    found += stock_differences(ledger)
    verdict = judge_chain(chain.planted, found)
    assert verdict.exact, (verdict.missed, verdict.invented)
    assert not {number for _, number in chain.near} & {number for _, number in found}


def network_of(chain: Chain, ledger: Run) -> Network:
    """The day's traffic as custody wants it: by lot and slot, and of numbers in no lot."""
    cards, records = chain.fleet.block(1, chain.fleet.cards)
    numbers = iccids(cards.number)
    times: defaultdict[str, list[int]] = defaultdict(list)
    for card, time in zip(records.card.tolist(), records.time.tolist(), strict=True):
        times[numbers[card]].append(time)
    seen = {number: Seen(min(each), max(each), len(each)) for number, each in times.items()}
    lots: defaultdict[int, dict[int, Seen]] = defaultdict(dict)
    rows = ledger.machine.state.lots.rows
    for number, one in seen.items():
        for lot, slot in ledger.slots.get(number, []):
            lots[rows[lot.encode()].number][slot] = one
    rest = sorted(seen.keys() - ledger.slots.keys())
    columns = zip(*((seen[number].first, seen[number].last, seen[number].records) for number in rest), strict=True)
    return Network(lots, StrangerUsage(rest, ["op-huaxun"] * len(rest), *columns))


def test_the_platforms_own_judgement_finds_what_was_planted_and_nothing_else(chain: Chain, ledger: Run) -> None:
    state, seen, now = ledger.machine.state, network_of(chain, ledger), chain.fleet.scene.start + SECONDS_PER_DAY
    counts = [
        StockCount(one.by, lot, cards, ledger.machine.size)
        for one in (read(data).transaction for data in ledger.blocks[-1].entries)
        if isinstance(one, StockReport)
        for lot, cards in one.stock
    ]
    findings = [
        *breaks.judge(state, ledger.times.__getitem__, now, seen).findings(chain.fleet.cards),
        *ledger_breaks.overdue_offers(state, ledger.times.__getitem__, now, seen),
        *ledger_breaks.stock_of_removed(state, ledger.times.__getitem__, now),
        *ledger_breaks.stock_differences(state, counts),
        *ledger_breaks.strangers(seen.strangers()),
    ]
    books = {book.lot: book.numbers for book in ledger.books}
    found = []
    for one in findings:
        subject = one.subject
        names = [subject.name]
        if subject.kind == "stock":
            names = [f"{one.last_holder} {subject.name}"]
        elif subject.end:
            names = list(books[subject.name][subject.start : subject.end])
        found += [(each.value, name) for each in one.breaks for name in names]
    verdict = judge_chain(chain.planted, found)
    assert verdict.exact, (verdict.missed, verdict.invented)


def test_an_active_card_is_with_whom_the_registry_says_and_stock_with_its_seller(chain: Chain, ledger: Run) -> None:
    cards = chain.fleet.cards_between(1, chain.fleet.cards)
    fated = {number for _, number in (*chain.planted, *chain.near)}
    states: Counter[str] = Counter()
    for number, holder, role in zip(iccids(cards.number), cards.holder.tolist(), cards.role.tolist(), strict=True):
        if number in fated:
            continue
        span = ledger.chain(number)[0]
        assert ledger.holder(span) == FIRMS[holder].code
        assert (span.state.name == "ACTIVE") == (role != chain.fleet.cast.unsold)
        states[span.state.name] += 1
    assert states.keys() == {"ACTIVE", "HELD", "RETAIL"}


def test_blocks_come_in_order_over_months_before_the_day(chain: Chain, ledger: Run) -> None:
    times = [block.time for block in ledger.blocks]
    start = chain.fleet.scene.start
    assert times == sorted(times)
    assert start - 180 * SECONDS_PER_DAY < times[0] < start - 150 * SECONDS_PER_DAY
    assert start - 3 * SECONDS_PER_DAY < times[-1] < start


def test_the_same_fleet_says_the_same_bytes_and_another_seed_others(chain: Chain, ledger: Run) -> None:
    again = plan_chain(chain.fleet)
    assert again.genesis == chain.genesis
    assert list(again.blocks()) == ledger.blocks
    other = plan_chain(build_fleet(cards=2_000, terminals=500, seed=12, day=DAY))
    assert not {block.entries[0] for block in other.blocks()} & {block.entries[0] for block in ledger.blocks}


def test_the_embedded_ledger_takes_it_and_comes_to_the_same_state(chain: Chain, ledger: Run, tmp_path: Path) -> None:
    clock = FixedClock(datetime.fromtimestamp(0, UTC))
    file = SqliteLedger.create(tmp_path / "ledger.db", chain.genesis, SigningKey(bytes(32)), clock)
    refused = []
    for block in chain.blocks():
        clock.set(datetime.fromtimestamp(block.time, UTC))
        answers = file.submit(block.entries)
        refused += [(place, answer.code) for place, answer in enumerate(answers) if not isinstance(answer, int)]
    assert refused == [(one.place, one.code) for one in ledger.attempts]
    assert file.machine.state.root() == ledger.machine.state.root()
    assert file.machine.size == ledger.machine.size
    file.close()


def test_a_small_fleet_has_a_chain_too() -> None:
    small = plan_chain(build_fleet(cards=400, terminals=200, seed=3, day=DAY))
    found = run(small)
    assert found.refused == [(one.code, one.hash) for one in found.attempts]
    assert len(found.slots) == 400 - sum(kind == "not_in_lot" for kind, _ in small.planted)
