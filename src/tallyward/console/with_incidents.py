"""Cards that have incidents not closed: two rooms asked in turn, by card id."""

from dataclasses import replace
from typing import Final

from tallyward.console.ports import Registry
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import Actor
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import MAX_LIMIT, Page, PageRequest, encode_cursor
from tallyward.registry.filters import CardFilter
from tallyward.registry.model import Card

_ROUNDS: Final = 20
"""Rounds of 500 cards with incidents a request looks through; a page may then be short and still have a next one."""


def cards_with_incidents(
    registry: Registry, incidents: IncidentService, actor: Actor, wanted: CardFilter, request: PageRequest
) -> Page[Card]:
    """A page of the cards of `wanted` that have incidents not closed, by id; the cursor holds the id."""
    after = CardId(int(request.after[0])) if request.after else CardId(0)
    rows: list[Card] = []
    for _ in range(_ROUNDS):
        ids = incidents.cards_with_open(actor, after, MAX_LIMIT)
        if not ids:
            return Page(tuple(rows), None)
        found = registry.cards(actor, replace(wanted, ids=frozenset(ids)), PageRequest(MAX_LIMIT)).rows
        room = request.limit - len(rows)
        rows += found[:room]
        if len(found) > room:
            return Page(tuple(rows), encode_cursor((rows[-1].id,)))
        after = ids[-1]
    return Page(tuple(rows), encode_cursor((after,)))
