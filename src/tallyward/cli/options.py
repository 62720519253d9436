"""Options that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click

from tallyward.cli.speech import told

Command = TypeVar("Command")

folder = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), envvar="TALLYWARD_HOME", help=told("option.folder")
)
as_json = click.option("--json", "json_target", metavar="FILE", help=told("option.json"))
rules_folder = click.option(
    "--rules",
    "rules_folder",
    type=click.Path(path_type=Path, exists=True),
    envvar="TALLYWARD_RULES",
    help=told("option.rules"),
)


class Day(click.ParamType[date]):
    """A UTC day written as 2026-03-01."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how it is written."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            self.fail(told("option.day_form", value=str(value)[:40]), param, ctx)


DAY = Day()
