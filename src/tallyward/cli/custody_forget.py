"""`tallyward custody forget`: destroy what proves a person, for good, and tell the ledger that it is gone."""

import csv
import secrets
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import note, refuse, told
from tallyward.custody import erasure, identity
from tallyward.custody.erasure import Holder
from tallyward.custody.identity import Identity
from tallyward.custody.signing import signed
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody import open_custody, read_key
from tallyward.wiring.settings import read_settings

_COLUMNS = ("document", "number", "name")


@custody.command("forget", help=told("custody_forget.help"))
@click.argument("cards", nargs=-1)
@click.option("--as", "operator", required=True, metavar="CODE", help=told("custody.as"))
@click.option(
    "--person", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=told("custody_forget.person")
)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.key"))
@options.folder
def forget(cards: tuple[str, ...], operator: str, person: Path | None, key: Path | None, folder: Path | None) -> None:
    """Destroy the data keys of cards or of a person, then say so; exit code 1 where the ledger did not take it."""
    if bool(cards) == bool(person):
        raise click.UsageError(told("custody_forget.which"))
    with open_custody(read_settings(home=folder)) as opened:
        secret = read_key(key) if key else opened.keys.read(operator)
        machine = opened.service.machine
        gone: list[bytes] = []
        token = identity.token(opened.persons_key(), _person(person)) if person else None
        holder = Holder(operator, machine.id, secret, secrets.token_bytes)
        with opened.vault() as vault:
            if token:
                gone = erasure.erase_person(vault, token)
            for part in opened.service.cards(cards) if cards else ():
                for slot in range(part.start, part.end):
                    gone += erasure.erase_card(machine.state, vault, holder, part.lot, slot)
            note("custody_forget.done", keys=len(gone))
            refused = erasure.tell(opened.service.ledger, vault, operator, lambda one: signed(machine.id, one, secret))
    for one in refused:
        refuse(one)
    if refused:
        raise click.exceptions.Exit(1)


def _person(path: Path) -> Identity:
    """Who it is: the first row of a CSV of the columns document, number, name."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        row = next(rows, None) if set(_COLUMNS) <= set(rows.fieldnames or ()) else None
    if row is None:
        raise InvalidError("cli.persons_form", path=str(path), columns=", ".join(_COLUMNS))
    return identity.of(row["document"] or "", row["number"] or "", row["name"] or "")
