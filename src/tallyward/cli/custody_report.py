"""`tallyward custody report`: what a member counted on its shelves, which some rules ask for (art. 12)."""

import csv
from collections import Counter
from pathlib import Path

import click

from tallyward.cli.custody import custody
from tallyward.cli.custody_saying import say, speaking
from tallyward.cli.speech import note, told
from tallyward.custody.reports import StockReport
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.settings import read_settings

_COLUMNS = ("lot", "cards")
_MOST_CARDS = 1 << 40


@custody.command("report", help=told("custody_report.help"))
@click.argument("counted", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as", "by", required=True, metavar="CODE", help=told("custody.as"))
@speaking
def report(counted: Path, by: str, folder: Path | None, key: Path | None, draft: Path | None) -> None:
    """Report a count of stock as of now."""
    stock = _counts(counted)
    with open_custody(read_settings(home=folder)) as opened:
        say(opened, StockReport(by, opened.service.now, stock), key, draft)
        row = opened.service.state.stock.get(by.encode())
        if draft is None and row is not None:
            note("custody_report.beside", held=row.held, missing=row.missing, surplus=row.surplus)


def _counts(path: Path) -> tuple[tuple[str, int], ...]:
    """Cards by lot, from a CSV of the columns lot, cards; a lot in several rows is summed up."""
    found: Counter[str] = Counter()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise InvalidError("cli.counts_form", path=str(path), line=1)
        for line, row in enumerate(rows, 2):
            lot, cards = (row["lot"] or "").strip(), (row["cards"] or "").strip()
            if not lot or not (cards.isascii() and cards.isdigit() and len(cards) < len(str(_MOST_CARDS))):
                raise InvalidError("cli.counts_form", path=str(path), line=line)
            found[lot] += int(cards)
    return tuple(sorted(found.items()))
