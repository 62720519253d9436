"""`tallyward cadence`: how soon the records of cards and terminals are judged."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import note, told
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import CardId, TerminalId
from tallyward.registry.cadence import Cadence
from tallyward.registry.service import RegistryService
from tallyward.wiring.platform import open_platform
from tallyward.wiring.settings import read_settings


@tallyward.command("cadence", help=told("cadence.help"))
@click.argument("cadence", type=click.Choice([one.value for one in Cadence]))
@click.option("--card", "cards", metavar="NUMBER", multiple=True, help=told("cadence.card"))
@click.option("--terminal", "terminals", metavar="SERIAL", multiple=True, help=told("cadence.terminal"))
@options.folder
def set_cadence(cadence: str, cards: tuple[str, ...], terminals: tuple[str, ...], folder: Path | None) -> None:
    """Set it, of none where one is not known."""
    wanted = Cadence(cadence)
    with open_platform(read_settings(home=folder)) as platform:
        registry = platform.registry
        of_cards = [_card(registry, number) for number in cards]
        of_terminals = [_terminal(registry, serial) for serial in terminals]
        for card in of_cards:
            registry.set_card_cadence(PLATFORM, card, wanted)
        for terminal in of_terminals:
            registry.set_terminal_cadence(PLATFORM, terminal, wanted)
    note("cadence.done", cards=len(of_cards), terminals=len(of_terminals), cadence=cadence)


def _card(registry: RegistryService, number: str) -> CardId:
    card = registry.find_card(PLATFORM, number)
    if card is None:
        raise NotFoundError("cli.no_card", number=number[:40])
    return card.id


def _terminal(registry: RegistryService, serial: str) -> TerminalId:
    terminal = registry.find_terminal(PLATFORM, serial)
    if terminal is None:
        raise NotFoundError("cli.no_terminal", serial=serial[:40])
    return terminal.id
