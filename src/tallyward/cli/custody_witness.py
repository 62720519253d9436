"""`tallyward custody witness`: sign the heads of logs that only ever grow; `tallyward custody cosign`: ask for that."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import note, refuse, told
from tallyward.kernel.errors import UnavailableError
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.custody.witness import cosigned, make_secret, read_secret, witnessing
from tallyward.wiring.settings import read_settings
from tallyward.wiring.signals import stop_signals


@custody.command("witness", help=told("custody_witness.help"))
@click.option(
    "--log-key", "log_keys", metavar="KEY", multiple=True, required=True, help=told("custody_witness.log_key")
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=told("custody_witness.key"),
)
@click.option("--name", metavar="NAME", help=told("custody_witness.name"))
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), required=True, help=told("custody_witness.folder")
)
@click.option("--host", default="127.0.0.1", show_default=True, help=told("option.host"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=told("custody_witness.port"))
def witness(log_keys: tuple[str, ...], key_file: Path, name: str | None, folder: Path, host: str, port: int) -> None:
    """Answer until Ctrl-C or SIGTERM. Standard output gives the witness's own key, for those who verify."""
    own = make_secret(key_file, name) if name and not key_file.exists() else read_secret(key_file)
    with stop_signals() as stop, witnessing(own, log_keys, folder, host, port) as address:
        click.echo(own.key.text())
        note("custody_witness.listening", address=address, count=len(log_keys))
        stop.wait()


@custody.command("cosign", help=told("custody_witness.cosign"))
@click.option(
    "--witness",
    "witnesses",
    metavar="URL KEY",
    nargs=2,
    multiple=True,
    required=True,
    help=told("custody_witness.asked"),
)
@click.option("--least", type=click.IntRange(0), help=told("custody_witness.least"))
@options.folder
def cosign(witnesses: tuple[tuple[str, str], ...], least: int | None, folder: Path | None) -> None:
    """Let witnesses sign the newest head, keep what they sign, and print the head with it."""
    with open_custody(read_settings(home=folder)) as opened:
        found = cosigned(opened, witnesses)
    for one in found.refused.values():
        refuse(one)
    signed = len(witnesses) - len(found.refused)
    note("custody_witness.signed", signed=signed, asked=len(witnesses), size=found.head.head.size)
    click.echo(found.head.note(), nl=False)
    needed = len(witnesses) if least is None else least
    if signed < needed:
        raise UnavailableError("custody.witnesses_missing", signed=signed, least=needed)
