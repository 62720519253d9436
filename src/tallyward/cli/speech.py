"""How commands speak: language, tables, progress. Answers go to standard output, everything else to standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tallyward.kernel.catalogue import Language, prefer, words
from tallyward.kernel.errors import TallywardError

ADVANCE = Callable[[int, int], None]
"""Told (done, total) while work goes on."""


def language() -> Language:
    """The language of this terminal: TALLYWARD_LANG, else what the locale says, else English."""
    for name in ("TALLYWARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return prefer(value)
    return "en"


def told(key: str, /, **blanks: str | float | None) -> str:
    """A sentence of the commands (`cli.` in the catalogue) in this terminal's language."""
    return words(language(), f"cli.{key}", **blanks)


def note(key: str, /, **blanks: str | float | None) -> None:
    """Tell the person something that is no answer."""
    click.echo(told(key, **blanks), err=True)


def refuse(refusal: TallywardError) -> None:
    """Tell a refusal: sentence, code, next step."""
    refuse_in_words(refusal.code, refusal.sentence(language()), refusal.next_step(language()))


def refuse_in_words(code: str, sentence: str, next_step: str) -> None:
    """Tell a refusal whose sentence and next step are worded already."""
    head = told("refused", code=code)
    click.echo(f"{click.style(head, fg='red')} {sentence}", err=True)
    click.echo(f"  → {next_step}", err=True)


def answer_json(value: object, target: str) -> None:
    """Write one JSON document to the file `target`, or to standard output for `-`."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if target == "-":
        click.echo(text)
    else:
        Path(target).write_text(text + "\n", encoding="utf-8")


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, err: bool = False) -> None:
    """Write rows as a table for people; column names are keys below `cli.column`. `err`: it is no answer."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(told(f"column.{column}"), overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    target = sys.stderr if err else sys.stdout
    Console(file=target, width=None if target.isatty() else 160).print(table)


@contextmanager
def working() -> Iterator[None]:
    """A bar on a terminal that shows that work goes on, for what can't tell how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(told("working"), total=None)
        yield


@contextmanager
def progress(key: str, /, **blanks: str | float | None) -> Iterator[ADVANCE]:
    """A progress bar on standard error; hand what it gives to the work, which tells it (done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(told(key, **blanks), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
