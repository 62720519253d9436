"""`tallyward rules whitelist`: findings that open no incident, with reason and expiry."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.rules import rules, settings_of
from tallyward.cli.speech import answer_json, answer_table, told
from tallyward.detect.whitelist import Entry, Reach
from tallyward.detect.whitelisting import NewEntry
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import RuleId
from tallyward.wiring.platform import open_platform


@rules.group("whitelist", help=told("whitelist.help"))
def whitelist() -> None:
    """Name the group."""


@whitelist.command("add", help=told("whitelist.add"))
@click.option("--rule", help=told("whitelist.rule"))
@click.option("--every-rule", is_flag=True, help=told("whitelist.every_rule"))
@click.option("--card", help=told("whitelist.card"))
@click.option("--enterprise", metavar="CODE", help=told("whitelist.enterprise"))
@click.option("--card-class", metavar="CODE", help=told("whitelist.card_class"))
@click.option("--operator", metavar="CODE", help=told("whitelist.operator"))
@click.option("--reason", required=True, help=told("whitelist.reason"))
@click.option("--until", type=options.DAY, required=True, help=told("whitelist.until"))
@options.folder
@click.pass_context
def add(
    context: click.Context,
    *,
    rule: str | None,
    every_rule: bool,
    card: str | None,
    enterprise: str | None,
    card_class: str | None,
    operator: str | None,
    reason: str,
    until: date,
    folder: Path | None,
) -> None:
    """Add an entry."""
    named = {Reach.CARD: card, Reach.ENTERPRISE: enterprise, Reach.CARD_CLASS: card_class}
    given = [(reach, target) for reach, target in named.items() if target is not None]
    if len(given) != 1 or (rule is None) == (not every_rule):
        raise click.UsageError(told("whitelist.one_of"), context)
    (reach, target), end = given[0], datetime.combine(until, time(), UTC) + timedelta(days=1)
    wish = NewEntry(None if rule is None else RuleId(rule), reach, target, reason, end, operator)
    with open_platform(settings_of(context, folder)) as platform:
        entry = platform.whitelist.add(PLATFORM, wish)
    click.echo(told("whitelist.added", id=entry.id, name=entry.name, until=_moment(entry.until)))


@whitelist.command("list", help=told("whitelist.list"))
@options.folder
@options.as_json
@click.pass_context
def list_entries(context: click.Context, folder: Path | None, json_target: str | None) -> None:
    """List entries, newest first."""
    with open_platform(settings_of(context, folder)) as platform:
        now = platform.whitelist.now()
        rows = [_row(one, now) for one in platform.whitelist.entries(PLATFORM)]
    if json_target:
        answer_json(rows, json_target)
    else:
        answer_table(
            ["id", "rule", "reach", "name", "reason", "author", "until", "standing"],
            [[*row.values()] for row in rows],
        )


@whitelist.command("remove", help=told("whitelist.remove"))
@click.argument("number", type=click.IntRange(1))
@options.folder
@click.pass_context
def remove(context: click.Context, number: int, folder: Path | None) -> None:
    """Take an entry back."""
    with open_platform(settings_of(context, folder)) as platform:
        entry = platform.whitelist.remove(PLATFORM, number)
    click.echo(told("whitelist.removed", id=entry.id, name=entry.name))


def _row(one: Entry, now: datetime) -> dict[str, object]:
    return {
        "id": one.id,
        "rule": one.rule or "*",
        "reach": one.reach.value,
        "name": one.name,
        "reason": one.reason,
        "author": one.author,
        "until": _moment(one.until),
        "standing": one.standing(now).value,
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
