"""`tallyward custody hand-over`, `open`: the numbers of exactly the cards sold, sealed for who may read them."""

import csv
import io
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import click
from nacl.signing import SigningKey

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.custody_saying import read_draft
from tallyward.cli.speech import answer_json, note, told, working
from tallyward.custody import handover
from tallyward.custody.disclosure import Disclosure, Sheet
from tallyward.custody.entry import Entry
from tallyward.custody.handover import deal_of
from tallyward.custody.machine import read
from tallyward.kernel.errors import ForbiddenError, InvalidError
from tallyward.kernel.secret import Secret
from tallyward.wiring.custody.ledger import Custody, open_custody, read_key
from tallyward.wiring.settings import read_settings

_file = click.Path(path_type=Path, dir_okay=False)
_there = click.Path(path_type=Path, dir_okay=False, exists=True)


@custody.command("hand-over", help=told("custody_handover.help"))
@click.argument("sale")
@click.option("--out", type=_file, required=True, help=told("custody_handover.out"))
@click.option("--from", "received", type=_there, multiple=True, help=told("custody_handover.from"))
@click.option("--key", type=_file, help=told("custody.key"))
@options.folder
def hand_over(sale: str, out: Path, received: tuple[Path, ...], key: Path | None, folder: Path | None) -> None:
    """Seal what opens the cards of an offer or sale, with its terms."""
    with open_custody(read_settings(home=folder)) as opened, working():
        entry = read(read_draft(Path(sale))) if Path(sale).is_file() else opened.service.deal(sale)
        deal = deal_of(entry)
        held = _received(opened, received, _key(opened, key, deal.seller)) if received else []
        terms = opened.terms.find(deal.terms) if deal.terms else None
        given = Disclosure(terms, opened.service.sheets(deal, held))
        data_key = Secret(secrets.token_bytes(32))
        sent = handover.handed_over(opened.service.state, entry, given, data_key)
    out.write_bytes(handover.packed(entry, sent))
    note("custody_handover.sealed", cards=_count(given), buyer=deal.buyer, path=str(out))


@custody.command("open", help=told("custody_handover.open"))
@click.argument("file", type=_there)
@click.option("--as", "member", required=True, metavar="CODE", help=told("custody_handover.as"))
@click.option("--key", type=_file, help=told("custody.key"))
@click.option("--out", type=_file, help=told("custody_handover.csv"))
@options.folder
@options.as_json
def open_one(
    file: Path, member: str, key: Path | None, out: Path | None, folder: Path | None, json_target: str | None
) -> None:
    """Check what was handed over, and tell card numbers and terms."""
    with open_custody(read_settings(home=folder)) as opened, working():
        entry, sent = handover.unpacked(_bytes(file))
        if entry.ledger != opened.service.machine.id:
            raise InvalidError("custody.wrong_ledger")
        found = handover.opened(opened.service.state, entry, sent, _key(opened, key, member))
        _nobody_shut_out(opened, entry, found.for_all)
    deal, terms = deal_of(entry), found.given.terms
    cards = _count(found.given)
    note("custody_handover.opened", hash=entry.hash.hex(), seller=deal.seller, buyer=deal.buyer, cards=cards)
    if terms:
        plain = terms.reveal()
        note("custody_handover.terms", price=plain.written(), currency=plain.currency, contract=plain.contract)
    if json_target:
        answer_json(_told(entry, found.given), json_target)
    elif out is None:
        click.echo(_csv(found.given), nl=False)
    if out is not None:
        with open(out, "w", encoding="utf-8", newline="", opener=_for_me_alone) as written:
            written.write(_csv(found.given))
        note("custody.written", path=str(out))


def _nobody_shut_out(opened: Custody, entry: Entry, for_all: bool) -> None:
    """Refuses an open offer, or a draft, whose envelope shuts a reader out; of what is done it is only told."""
    pending = entry.hash in opened.service.state.offers.rows
    try:
        opened.service.deal(entry.hash.hex())
    except InvalidError:
        pending = True
        note("custody_handover.draft")
    if not for_all and pending:
        raise ForbiddenError("custody.readers_differ")
    if not for_all:
        note("custody_handover.shut_out")


def _received(opened: Custody, files: Sequence[Path], secret: SigningKey) -> list[Sheet]:
    """The cards that a seller can show, out of what was handed over to it."""
    state = opened.service.state
    found = [handover.opened(state, *handover.unpacked(_bytes(file)), secret).given.sheets for file in files]
    return [sheet for sheets in found for sheet in sheets]


def _key(opened: Custody, key: Path | None, member: str) -> SigningKey:
    return read_key(key) if key else opened.keys.read(member)


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(handover.MOST + 1)


def _rows(given: Disclosure) -> list[tuple[str, int, str]]:
    return [
        (one.lot, slot, number) for one in given.sheets for slot, number in enumerate(one.numbers.reveal(), one.start)
    ]


def _count(given: Disclosure) -> int:
    return sum(one.end - one.start for one in given.sheets)


def _told(entry: Entry, given: Disclosure) -> dict[str, object]:
    deal, terms = deal_of(entry), given.terms.reveal() if given.terms else None
    return {
        "sale": entry.hash.hex(),
        "seller": deal.seller,
        "buyer": deal.buyer,
        "terms": {"price": terms.written(), "currency": terms.currency, "contract": terms.contract} if terms else None,
        "cards": [{"lot": lot, "slot": slot, "number": number} for lot, slot, number in _rows(given)],
    }


def _csv(given: Disclosure) -> str:
    """A row a card; with its price where there are terms."""
    terms = given.terms.reveal() if given.terms else None
    price = (terms.written(), terms.currency) if terms else ()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["lot", "slot", "card", *(("price", "currency") if terms else ())])
    writer.writerows([*row, *price] for row in _rows(given))
    return text.getvalue()


def _for_me_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
