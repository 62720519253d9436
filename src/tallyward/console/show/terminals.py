"""Terminals as answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from tallyward.console.look_up import LookUp
from tallyward.console.views.cards import BoundTerminal, CardBinding
from tallyward.console.views.incidents import CardRef
from tallyward.console.views.terminals import BoundCard, Place, TerminalBinding, TerminalDetail, TerminalRow
from tallyward.kernel.ids import TerminalId
from tallyward.registry.model import Binding, Terminal


def terminal_row(look_up: LookUp, terminal: Terminal) -> TerminalRow:
    """A row of the list."""
    return TerminalRow(**_fields(look_up, terminal))


def terminal_detail(look_up: LookUp, terminal: Terminal, bindings: Sequence[Binding]) -> TerminalDetail:
    """Everything about one terminal; cards that the visitor may not see are left out."""
    cards = look_up.cards(binding.card for binding in bindings)
    return TerminalDetail(
        **_fields(look_up, terminal),
        home=Place(latitude=terminal.home[0], longitude=terminal.home[1]) if terminal.home else None,
        gateway=terminal.gateway,
        bindings=[_bound_card(cards[binding.card], binding) for binding in bindings if binding.card in cards],
    )


def card_bindings(bindings: Sequence[Binding], terminals: Mapping[TerminalId, Terminal]) -> list[CardBinding]:
    """The terminals a card rode in; those that the visitor may not see are left out."""
    return [
        CardBinding(
            terminal=_bound_terminal(terminals[binding.terminal]),
            since=binding.since,
            until=binding.until,
            reason=binding.reason,
        )
        for binding in bindings
        if binding.terminal in terminals
    ]


def _fields(look_up: LookUp, terminal: Terminal) -> dict[str, Any]:
    return {
        "id": terminal.id,
        "serial": terminal.serial,
        "imei": terminal.imei,
        "vendor": terminal.vendor,
        "model": terminal.model,
        "firmware": terminal.firmware,
        "usage": terminal.usage.value,
        "access": terminal.access.value,
        "fixed": terminal.fixed,
        "cadence": terminal.cadence.value,
        "holder": look_up.enterprise(terminal.enterprise),
    }


def _bound_terminal(terminal: Terminal) -> BoundTerminal:
    return BoundTerminal(
        id=terminal.id, serial=terminal.serial, imei=terminal.imei, vendor=terminal.vendor, model=terminal.model
    )


def _bound_card(card: CardRef, binding: Binding) -> TerminalBinding:
    return TerminalBinding(
        card=BoundCard(id=card.id, iccid=card.iccid), since=binding.since, until=binding.until, reason=binding.reason
    )
