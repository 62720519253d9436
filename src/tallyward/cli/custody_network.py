"""`tallyward custody network`: validators of one ledger on this machine, to try what they bear."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from tallyward.cli.custody import custody
from tallyward.cli.speech import note, told
from tallyward.wiring.custody.network import NodeSeen, Watched, trial_network
from tallyward.wiring.signals import stop_signals

_COLUMNS = ("name", "address", "state", "process", "height", "entries", "root")


@custody.command("network", help=told("custody_network.help"))
@click.option("--validators", type=click.IntRange(1), default=4, show_default=True, help=told("custody_network.number"))
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), required=True, help=told("custody_network.folder")
)
def network(validators: int, folder: Path) -> None:
    """Run until Ctrl-C or SIGTERM."""
    note("custody_network.starting", folder=str(folder))
    with stop_signals() as stop, trial_network(folder, validators) as watched:
        note("custody_network.running")
        show = _on_terminal if sys.stdout.isatty() else _in_lines
        show(watched, stop.wait)
        note("custody_network.stopping")


def _on_terminal(watched: Watched, wait: Callable[[float], bool]) -> None:
    with Live(_table(watched.seen()), console=Console(), auto_refresh=False) as live:
        while not wait(1.0):
            live.update(_table(watched.seen()), refresh=True)


def _in_lines(watched: Watched, wait: Callable[[float], bool]) -> None:
    """A line whenever a node has changed."""
    before: dict[str, Sequence[str]] = {}
    while True:
        for cells in map(_cells, watched.seen()):
            if before.get(cells[0]) != cells:
                before[cells[0]] = cells
                click.echo("\t".join(cells))
        if wait(1.0):
            return


def _table(nodes: Sequence[NodeSeen]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in _COLUMNS:
        table.add_column(told(f"column.{column}"), overflow="fold")
    for one in nodes:
        table.add_row(*_cells(one))
    return table


def _cells(one: NodeSeen) -> list[str]:
    state = told("custody_network.runs" if one.process else "custody_network.down")
    numbers = ("" if number is None else str(number) for number in (one.process, one.height, one.size))
    return [one.name, f"http://{one.address}", state, *numbers, one.root[:16]]
