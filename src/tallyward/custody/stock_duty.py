"""Who owes the next report of its stock, and by when (Anti-Telecom-and-Online-Fraud Law, art. 12). Pure.

Circulation rules tell how often: a report is due so long after the last one, or after the member got the cards if that
was later. Reports are of the whole stock, so of several rules the first deadline counts.
"""

from typing import NamedTuple

from tallyward.custody.authority import KINDS_OF_SPEAKER
from tallyward.custody.card_path import TimeOf, held_since
from tallyward.custody.refusals import rules_of
from tallyward.custody.state import MemberRow, State
from tallyward.custody.states import STOCK
from tallyward.custody.transactions import Kind


class Duty(NamedTuple):
    """A member's next report. `cards`: in stock under rules that ask for one; `entry`: by which it got those of `due`.

    `last`: when it counted its stock last, None if never. Times in seconds since 1970.
    """

    member: str
    cards: int
    due: int
    entry: int
    last: int | None


def duties(state: State, time_of: TimeOf) -> list[Duty]:
    """Of all members that have such stock, by member."""
    found: dict[str, Duty] = {}
    for lot, name in enumerate(state.lots_by_number):
        every = rules_of(state, state.lots.rows[name.encode()]).report_every
        for span in state.spans.standing(lot) if every else ():
            holder = state.members.rows[state.members_by_number[span.holder].encode()]
            if span.state not in STOCK or not _reports(holder):
                continue
            entry = held_since(state.spans.history, span).cause
            row = state.stock.get(holder.id.encode())
            last = row.at if row else None
            one = Duty(holder.id, span.end - span.start, max(time_of(entry), last or 0) + every, entry, last)
            found[holder.id] = _both(found[holder.id], one) if holder.id in found else one
    return [found[member] for member in sorted(found)]


def _reports(holder: MemberRow) -> bool:
    return holder.kind in KINDS_OF_SPEAKER[Kind.STOCK_REPORT] and not holder.gone


def _both(one: Duty, other: Duty) -> Duty:
    first = min(one, other, key=lambda each: (each.due, each.entry))
    return first._replace(cards=one.cards + other.cards)
