"""`tallyward custody forget`: destroy what proves a person, for good, and tell the ledger that it is gone."""

import csv
import secrets
from pathlib import Path

import click
from nacl.signing import SigningKey

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import note, refuse, told
from tallyward.custody import erasure, identity
from tallyward.custody.erasure import Holder
from tallyward.custody.identity import Identity
from tallyward.custody.ports import Destroyer
from tallyward.custody.signing import signed
from tallyward.kernel.errors import InvalidError, TallywardError
from tallyward.wiring.custody.ledger import Custody, open_custody, read_key
from tallyward.wiring.settings import read_settings

_COLUMNS = ("document", "number", "name")


@custody.command("forget", help=told("custody_forget.help"))
@click.argument("cards", nargs=-1)
@click.option("--as", "operator", required=True, metavar="CODE", help=told("custody.as"))
@click.option(
    "--person", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=told("custody_forget.person")
)
@click.option("--numbers", is_flag=True, help=told("custody_forget.numbers"))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.key"))
@options.folder
def forget(
    cards: tuple[str, ...], operator: str, person: Path | None, numbers: bool, key: Path | None, folder: Path | None
) -> None:
    """Destroy the data keys of cards or of a person, then say so; exit code 1 where the ledger did not take it."""
    if bool(cards) == bool(person) or (person and numbers):
        raise click.UsageError(told("custody_forget.which"))
    with open_custody(read_settings(home=folder)) as opened:
        secret = read_key(key) if key else opened.keys.read(operator)
        machine = opened.service.machine
        parts = opened.service.cards(cards) if cards else ()
        named = [(part.lot, slot) for part in parts for slot in range(part.start, part.end)]
        for card in named if numbers else ():
            erasure.over(machine.state, *card)
        token = identity.token(opened.persons_key(), _person(person)) if person else None
        holder = Holder(operator, machine.id, secret, secrets.token_bytes)
        with opened.vault() as vault:
            gone = erasure.erase_person(vault, token) if token else []
            for card in named:
                gone += erasure.erase_card(machine.state, vault, holder, *card)
            refused = _told(opened, vault, operator, secret)
        if numbers:
            with opened.forgetting() as books:
                for part in parts:
                    gone += books.forget(part.lot, range(part.start, part.end))
                refused += _told(opened, books, operator, secret)
    note("custody_forget.done", keys=len(gone))
    for one in refused:
        refuse(one)
    if refused:
        raise click.exceptions.Exit(1)


def _told(opened: Custody, destroyer: Destroyer, operator: str, secret: SigningKey) -> list[TallywardError]:
    ledger = opened.service.ledger
    return erasure.tell(ledger, destroyer, operator, lambda one: signed(ledger.machine.id, one, secret))


def _person(path: Path) -> Identity:
    """Who it is: the first row of a CSV of the columns document, number, name."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        row = next(rows, None) if set(_COLUMNS) <= set(rows.fieldnames or ()) else None
    if row is None:
        raise InvalidError("cli.persons_form", path=str(path), columns=", ".join(_COLUMNS))
    return identity.of(row["document"] or "", row["number"] or "", row["name"] or "")
