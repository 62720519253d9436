"""`tallyward db`: the tables of the state database."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import told
from tallyward.wiring.platform import database_revisions, upgrade_database
from tallyward.wiring.settings import read_settings


@tallyward.group("db", help=told("db.help"))
def db() -> None:
    """Name the group."""


@db.command("upgrade", help=told("db.upgrade"))
@options.folder
def upgrade(folder: Path | None) -> None:
    """Bring the tables to the newest form and tell it."""
    settings = read_settings(home=folder)
    upgrade_database(settings)
    _tell(settings_folder=folder)


@db.command("current", help=told("db.current"))
@options.folder
def current(folder: Path | None) -> None:
    """Tell the form of the tables."""
    _tell(settings_folder=folder)


def _tell(settings_folder: Path | None) -> None:
    revision, head = database_revisions(read_settings(home=settings_folder))
    click.echo(told("db.is", revision=revision or "-", head=head))
