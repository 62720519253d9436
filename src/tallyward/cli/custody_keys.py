"""`tallyward custody key`, `sign`, `submit`: keys that stay with their owners, who sign what somebody else drafted."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.custody_saying import read_draft, told_taken, write_draft
from tallyward.cli.speech import note, told
from tallyward.custody.entry import Signature, entry_of
from tallyward.custody.machine import read
from tallyward.custody.signing import countersigned
from tallyward.wiring.custody.ledger import make_key, open_custody, read_key
from tallyward.wiring.settings import read_settings

_file = click.Path(path_type=Path, dir_okay=False)


@custody.command("key", help=told("custody.make_key"))
@click.argument("file", type=_file)
def key(file: Path) -> None:
    """Make a key; its public half is the answer."""
    click.echo(bytes(make_key(file).verify_key).hex())


@custody.command("sign", help=told("custody.sign"))
@click.argument("draft", type=_file)
@click.option("--key", "key", type=_file, required=True, help=told("custody.key"))
def sign(draft: Path, key: Path) -> None:
    """Add a signature to a draft, in its file."""
    one = read(read_draft(draft))
    (more,) = read(countersigned(one.body, read_key(key))).signatures
    others: tuple[Signature, ...] = tuple(each for each in one.signatures if each.key != more.key)
    write_draft(draft, entry_of(one.body, (*others, more)))
    note("custody.signed", kind=one.transaction.kind.name, signatures=len(others) + 1)


@custody.command("submit", help=told("custody.submit"))
@click.argument("draft", type=_file)
@options.folder
def submit(draft: Path, folder: Path | None) -> None:
    """Hand a signed draft in."""
    with open_custody(read_settings(home=folder)) as opened:
        told_taken(opened.service.submit(read_draft(draft)))
