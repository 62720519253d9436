"""`tallyward custody register`, `offer`, `accept`, `reject`, `withdraw`, `sell`: cards begin and change hands."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tallyward.cli.custody import custody
from tallyward.cli.custody_saying import Command, say, speaking
from tallyward.cli.speech import told, working
from tallyward.custody import sale_terms
from tallyward.custody.lots import MOST_CARDS
from tallyward.custody.transactions import Accept, Offer, Reject, Sale, Withdraw
from tallyward.kernel.errors import InvalidError, TallywardError, UnavailableError
from tallyward.kernel.secret import Secret
from tallyward.wiring.custody.ledger import Custody, open_custody
from tallyward.wiring.settings import read_settings

_DAY = 86_400
_LONGEST = 32
_SALT = 32
_MOST_BYTES = MOST_CARDS * (_LONGEST + 2)
_MOST_TERMS = 500_000
_file = click.Path(path_type=Path, dir_okay=False, exists=True)
_terms = click.option("--terms", type=_file, help=told("custody.terms"))


def _between(command: Command) -> Command:
    """Give a command the cards of a sale and its two sides."""
    for option in (
        click.option("--to", "buyer", required=True, metavar="CODE", help=told("custody.to")),
        click.option("--as", "seller", required=True, metavar="CODE", help=told("custody.as")),
        click.argument("cards", nargs=-1, required=True),
    ):
        command = option(command)
    return command


@custody.command("register", help=told("custody.register"))
@click.argument("lot")
@click.argument("numbers", type=_file)
@click.option("--as", "operator", required=True, metavar="CODE", help=told("custody.as"))
@click.option("--product", default="-", help=told("custody.product"))
@click.option("--rules", default="cn-2019-chain", help=told("custody.lot_rules"))
@speaking
def register(
    lot: str,
    numbers: Path,
    operator: str,
    product: str,
    rules: str,
    folder: Path | None,
    key: Path | None,
    draft: Path | None,
) -> None:
    """Register the cards of a file, one number a line."""
    cards = _numbers(numbers)
    with open_custody(read_settings(home=folder)) as opened:
        with working():
            one = opened.service.register(operator, lot, cards, product, rules, Secret(secrets.token_bytes(_SALT)))
        try:
            say(opened, one, key, draft)
        except UnavailableError:
            raise  # it may still be taken, and then its book is needed
        except TallywardError:
            opened.books.drop(lot)
            raise


@custody.command("offer", help=told("custody.offer"))
@_between
@click.option("--days", type=click.IntRange(1, 3650), default=14, show_default=True, help=told("custody.days"))
@_terms
@speaking
def offer(
    cards: tuple[str, ...],
    seller: str,
    buyer: str,
    days: int,
    terms: Path | None,
    folder: Path | None,
    key: Path | None,
    draft: Path | None,
) -> None:
    """Offer cards to a buyer."""
    with open_custody(read_settings(home=folder)) as opened:
        parts, expires = opened.service.cards(cards), opened.service.now + days * _DAY
        with _kept(opened, terms) as agreed:
            say(opened, Offer(seller, buyer, parts, expires, agreed), key, draft)


@custody.command("sell", help=told("custody.sell"))
@_between
@_terms
@speaking
def sell(
    cards: tuple[str, ...],
    seller: str,
    buyer: str,
    terms: Path | None,
    folder: Path | None,
    key: Path | None,
    draft: Path | None,
) -> None:
    """Sell cards at once, signed by both sides."""
    with open_custody(read_settings(home=folder)) as opened:
        parts = opened.service.cards(cards)
        with _kept(opened, terms) as agreed:
            say(opened, Sale(seller, buyer, parts, agreed), key, draft)


@contextmanager
def _kept(opened: Custody, file: Path | None) -> Iterator[bytes | None]:
    """The hash of a file's terms, which are kept for the handover unless the ledger takes no sale."""
    if file is None:
        yield None
        return
    with file.open("rb") as given:
        text = given.read(_MOST_TERMS).decode("utf-8", "replace")
    agreed = opened.terms.keep(sale_terms.load(text, file.name, secrets.token_bytes(_SALT)))
    try:
        yield agreed
    except TallywardError:
        opened.terms.drop(agreed)
        raise


def _answer(name: str, form: type[Accept] | type[Reject] | type[Withdraw]) -> None:
    """One command that answers an offer."""

    @custody.command(name, help=told(f"custody.{name}"))
    @click.argument("offer")
    @click.option("--as", "member", required=True, metavar="CODE", help=told("custody.as"))
    @speaking
    def answer(offer: str, member: str, folder: Path | None, key: Path | None, draft: Path | None) -> None:
        with open_custody(read_settings(home=folder)) as opened:
            known = [one.hash for one in opened.service.offers()]
            say(opened, form(member, opened.service.named(offer, known)), key, draft)


for _name, _form in (("accept", Accept), ("reject", Reject), ("withdraw", Withdraw)):
    _answer(_name, _form)


def _numbers(path: Path) -> list[str]:
    """The card numbers of a file, one a line; empty lines count for nothing."""
    if path.stat().st_size > _MOST_BYTES:
        raise InvalidError("cli.too_many_numbers", path=str(path), most=MOST_CARDS)
    found = []
    with path.open(encoding="utf-8", errors="replace") as lines:
        for at, line in enumerate(lines, 1):
            number = line.strip()
            if not number:
                continue
            if len(number) > _LONGEST or not (number.isascii() and number.isalnum()):
                raise InvalidError("cli.number_form", path=str(path), line=at, number=number[:40])
            found.append(number)
    if not found:
        raise InvalidError("cli.number_form", path=str(path), line=1, number="")
    return found
