"""`tallyward custody request`, `approve`, `activate`: real names, from the point of sale to an active card.

What proves a person comes in a file, never as an argument: arguments are seen by everybody on the machine.
"""

import csv
import secrets
from pathlib import Path
from typing import Final

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.custody_saying import say, speaking, told_taken
from tallyward.cli.speech import note, told
from tallyward.custody import identity, real_name
from tallyward.custody.machine import read
from tallyward.custody.overview import RequestView
from tallyward.custody.real_name import Material
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Activate, ActRequest, RnReject
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError, TallywardError, UnavailableError
from tallyward.kernel.secret import Secret
from tallyward.wiring.custody.ledger import Custody, open_custody, read_key
from tallyward.wiring.custody.request_proof import proof_kept, read_proof
from tallyward.wiring.settings import read_settings

_COLUMNS: Final = ("card", "document", "number", "name")
_MOST_ROWS: Final = 10_000
_SALT: Final = 32
_file = click.Path(path_type=Path, dir_okay=False)


@custody.command("request", help=told("custody.request"))
@click.argument("persons", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as", "shop", required=True, metavar="CODE", help=told("custody.as"))
@click.option("--key", type=_file, help=told("custody.key"))
@click.option("--out", type=_file, help=told("custody.request_out"))
@options.folder
def request(persons: Path, shop: str, key: Path | None, out: Path | None, folder: Path | None) -> None:
    """Ask for the activation of cards, each for a person; the proof goes sealed to the operator's vault."""
    with open_custody(read_settings(home=folder)) as opened:
        materials = _materials(persons, opened)
        parts = opened.service.cards([f"{lot}:{slot}" for lot, slot in materials])
        cards = [(part.lot, slot) for part in parts for slot in range(part.start, part.end)]
        ordered = [materials[card] for card in cards]
        machine = opened.service.machine
        asked = ActRequest(
            shop, parts, real_name.hashes(machine.id, [real_name.Card(*card) for card in cards], ordered)
        )
        secret = read_key(key) if key else opened.keys.read(shop)
        data = signed(machine.id, asked, secret)
        entry = read(data)
        salts = [Secret(secrets.token_bytes(_SALT)) for _ in cards]
        kept = real_name.sealed(machine.state, entry, ordered, salts)
        with proof_kept(opened, entry, kept, out) as take_back:  # first: without it nothing could ever be approved
            try:
                taken = opened.service.submit(data)
            except UnavailableError:
                raise  # it may still be taken, and then its proof is needed
            except TallywardError:
                take_back()
                raise
        told_taken(taken)
        if out is not None:
            note("custody.proof_sealed", cards=len(kept), path=str(out))


@custody.command("approve", help=told("custody.approve"))
@click.argument("request")
@click.option("--as", "operator", required=True, metavar="CODE", help=told("custody.as"))
@click.option("--proof", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=told("custody.proof"))
@click.option("--reject", "reason", metavar="REASON", help=told("custody.reject_reason"))
@speaking
def approve(
    request: str,
    operator: str,
    proof: Path | None,
    reason: str | None,
    folder: Path | None,
    key: Path | None,
    draft: Path | None,
) -> None:
    """Open the proof of a request, check it, and approve the real names."""
    with open_custody(read_settings(home=folder)) as opened:
        view = _waiting(opened, request)
        if reason is not None:
            say(opened, RnReject(operator, view.hash, reason), key, draft, real_name=True)
            return
        secret = read_key(key) if key else opened.keys.read(operator, real_name=True)
        cause = opened.service.state.spans
        lot, start, _ = view.parts[0]
        number = opened.service.state.lots.rows[lot.encode()].number
        asked = opened.service.entry(cause.at(number, start).cause)
        persons: list[bytes | None] = [None] * view.cards
        group = opened.persons_key()
        with opened.vault() as vault:
            if proof is not None:
                vault.keep(read_proof(proof, asked))
            kept = vault.of_request(view.hash)
            if not kept:
                raise NotFoundError("custody.no_proof", request=view.hash.hex()[:16])
            for one in kept:
                try:
                    token = identity.token(group, real_name.opened(asked, one, secret).person)
                except TallywardError as refusal:
                    note("custody.not_proven", lot=one.lot, slot=one.start, code=refusal.code)
                    continue
                persons[one.place] = token
                vault.name([(one.envelope.id, token)])  # so that all of a person can be forgotten
        note("custody.approving", approved=sum(one is not None for one in persons), cards=len(persons))
        say(opened, real_name.approval(operator, asked, persons), key, draft, real_name=True)


@custody.command("activate", help=told("custody.activate"))
@click.argument("request")
@click.option("--as", "operator", required=True, metavar="CODE", help=told("custody.as"))
@speaking
def activate(request: str, operator: str, folder: Path | None, key: Path | None, draft: Path | None) -> None:
    """Activate the approved cards of a request."""
    with open_custody(read_settings(home=folder)) as opened:
        say(opened, Activate(operator, _waiting(opened, request).hash), key, draft, real_name=True)


def _waiting(opened: Custody, prefix: str) -> RequestView:
    known = {one.hash: one for one in opened.service.requests()}
    return known[opened.service.named(prefix, list(known))]


def _materials(path: Path, opened: Custody) -> dict[tuple[str, int], Material]:
    """What proves each card's person, from a CSV of the columns card, document, number, name."""
    found: dict[tuple[str, int], Material] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise InvalidError("cli.persons_form", path=str(path), columns=", ".join(_COLUMNS))
        for line, row in enumerate(rows, 2):
            if len(found) == _MOST_ROWS:
                raise InvalidError("cli.too_many_persons", path=str(path), most=_MOST_ROWS)
            (part,) = opened.service.cards([row["card"] or ""])
            place = part.lot, part.start
            if part.end != part.start + 1 or place in found:
                raise ConflictError("cli.person_twice", path=str(path), line=line)
            person = identity.of(row["document"] or "", row["number"] or "", row["name"] or "")
            found[place] = Material(person, Secret(b""), Secret(secrets.token_bytes(_SALT)))
    if not found:
        raise InvalidError("cli.persons_form", path=str(path), columns=", ".join(_COLUMNS))
    return found
