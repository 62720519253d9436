"""Breaks that need no traffic: offers nobody answered, stock of removed members, counts that differ or are missing.

Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tallyward.custody import card_path
from tallyward.custody.break_finding import Finding, Subject, found
from tallyward.custody.break_kinds import Break
from tallyward.custody.card_path import TimeOf
from tallyward.custody.fields import ANY
from tallyward.custody.ports import UsageFacts
from tallyward.custody.refusals import rules_of
from tallyward.custody.state import State
from tallyward.custody.states import STOCK
from tallyward.custody.stock_duty import duties
from tallyward.custody.usage_facts import StrangerUsage


class StockCount(NamedTuple):
    """A member's own count of its cards of a lot, as entry `entry` reports it (art. 12)."""

    member: str
    lot: str
    cards: int
    entry: int


def overdue_offers(state: State, time_of: TimeOf, now: int, usage: UsageFacts) -> Iterator[Finding]:
    """Offers over their deadline, of whose cards none was seen: `breaks.judge` tells of those that were."""
    for _, row in sorted(state.offers.rows.items()):
        if row.expires > now or any(_seen(usage, part) for part in row.parts):
            continue
        for lot, start, end in row.parts:
            way = card_path.path(state, lot, start, time_of, now)
            subject = Subject("cards", state.lots_by_number[lot], start, end)
            facts = (("expires", row.expires), ("cards", end - start))
            yield found(subject, (Break.TRANSIT_OVERDUE,), way, (len(way) - 1,), facts=facts)


def stock_of_removed(state: State, time_of: TimeOf, now: int) -> Iterator[Finding]:
    """Cards that rest with organisations that are no members any more."""
    gone = {row.number for row in state.members.rows.values() if row.gone}
    if not gone:
        return
    for lot, name in enumerate(state.lots_by_number):
        for span in state.spans.standing(lot):
            if span.holder in gone and span.state in STOCK:
                way = card_path.path(state, lot, span.start, time_of, now)
                subject = Subject("cards", name, span.start, span.end)
                facts = (("cards", span.end - span.start),)
                yield found(subject, (Break.HOLDER_REMOVED,), way, (len(way) - 1,), facts=facts)


def stock_differences(state: State, counts: Sequence[StockCount]) -> Iterator[Finding]:
    """Where members count other cards than the ledger said they held at the entry that reports it."""
    held = {entry: holdings(state, entry) for entry in {one.entry for one in counts}}
    for one in counts:
        of_ledger = held[one.entry].get((one.member, one.lot), 0)
        if of_ledger != one.cards:
            facts = (("cards_on_ledger", of_ledger), ("cards_counted", one.cards))
            yield found(
                Subject("stock", one.lot),
                (Break.STOCK_DIFFERENCE,),
                holder=one.member,
                entries=(one.entry,),
                facts=facts,
            )


def reports_overdue(state: State, time_of: TimeOf, now: int, reports: Mapping[str, int]) -> Iterator[Finding]:
    """Members that hold stock under rules that ask for reports, and are late with one.

    `reports`: the entry of each member's last one.
    """
    for one in duties(state, time_of):
        if one.due >= now:
            continue
        facts = [("expires", one.due), ("cards", one.cards)]
        if one.last is not None:
            facts.append(("last_report", one.last))
        cited = [one.entry, *([reports[one.member]] if one.member in reports else [])]
        subject = Subject("member", one.member)
        yield found(subject, (Break.REPORT_OVERDUE,), holder=one.member, entries=tuple(cited), facts=tuple(facts))


def holdings(state: State, entry: int | None = None) -> dict[tuple[str, str], int]:
    """Cards in stock by (member, lot), now or before an entry."""
    held: dict[tuple[str, str], int] = {}
    for lot, name in enumerate(state.lots_by_number):
        for standing in state.spans.standing(lot):
            span = standing if entry is None else state.spans.before(standing, entry)
            if span is not None and span.state in STOCK:
                key = state.members_by_number[span.holder], name
                held[key] = held.get(key, 0) + standing.end - standing.start
    return held


def persons_over_quota(
    state: State, elsewhere: Mapping[bytes, int], entries: Mapping[bytes, Sequence[int]]
) -> Iterator[Finding]:
    """Persons with more cards than the strictest rules of this ledger's lots allow, with those of other ledgers.

    `elsewhere`: cards by token on other ledgers; the machine itself keeps a quota within one ledger only. `entries`:
    the approvals of each token.
    """
    most = min((rules_of(state, row).person_cards for row in state.lots.rows.values()), default=ANY)
    for token, here in sorted(state.tallies.persons.items()):
        cards = here + elsewhere.get(token, 0)
        if cards > most:
            facts = (("cards", cards), ("cards_allowed", most))
            cited = tuple(entries.get(token, ()))
            yield found(Subject("person", token.hex()), (Break.PERSON_OVER_QUOTA,), entries=cited, facts=facts)


def strangers(usage: StrangerUsage) -> Iterator[Finding]:
    """Numbers with traffic that are in no lot; the operator in whose network each was seen is named as its holder."""
    order = sorted(range(len(usage.numbers)), key=lambda at: usage.numbers[at])
    for at in order:
        facts = (("first_seen", usage.first_seen[at]), ("last_seen", usage.last_seen[at]))
        yield found(
            Subject("number", usage.numbers[at]),
            (Break.NOT_IN_LOT,),
            holder=usage.operators[at],
            records=usage.records[at],
            facts=(*facts, ("records", usage.records[at])),
        )


def _seen(usage: UsageFacts, part: tuple[int, int, int]) -> bool:
    lot, start, end = part
    seen = usage.of_lot(lot)
    if seen is None:
        return False
    first, last = np.searchsorted(seen.slots, [start, end])
    return bool(last > first)
