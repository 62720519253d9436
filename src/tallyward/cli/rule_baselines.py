"""`tallyward rules baselines`: what is usual of each class of cards, counted from stored days, for limits by name."""

from datetime import date
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.rules import rules
from tallyward.cli.speech import answer_json, answer_table, note, progress, told
from tallyward.detect.cards.baseline import METRICS, QUANTILES
from tallyward.detect.usual import Baselines, ClassUsual
from tallyward.kernel.errors import NotFoundError
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings


@rules.group("baselines", help=told("baselines.help"))
def rule_baselines() -> None:
    """Name the group; its commands add themselves."""


@rule_baselines.command("compute", help=told("baselines.compute"))
@click.option("--since", type=options.DAY, help=told("baselines.since"))
@click.option("--until", type=options.DAY, help=told("baselines.until"))
@options.folder
@options.as_json
def compute(since: date | None, until: date | None, folder: Path | None, json_target: str | None) -> None:
    """Count stored days and keep what comes out."""
    with open_platform(read_settings(home=folder)) as platform:
        with progress("baselines.progress") as advance:
            version, made = platform.baselines.compute(since, until, advance)
        _answer(platform, version, made, json_target)


@rule_baselines.command("show", help=told("baselines.show"))
@options.folder
@options.as_json
def show(folder: Path | None, json_target: str | None) -> None:
    """Tell the newest baselines."""
    with open_platform(read_settings(home=folder)) as platform:
        newest = platform.baselines.newest()
        if newest is None:
            raise NotFoundError("cli.no_baselines")
        _answer(platform, *newest, json_target)


def _answer(platform: Platform, version: str, made: Baselines, json_target: str | None) -> None:
    codes: dict[int, str] = {one.id: one.code for one in platform.registry.card_classes()}
    named = [(codes.get(one.card_class, str(one.card_class)), one) for one in made.classes]
    if json_target:
        answer_json(_content(version, made, named), json_target)
        return
    answer_table(
        ["card_class", "metric", *QUANTILES, "card_days"], [row for code, one in named for row in _rows(code, one)]
    )
    click.echo()
    answer_table(["card_class", "hours"], [(code, _busiest(one)) for code, one in named])
    click.echo()
    first, last = made.days[0].isoformat(), made.days[-1].isoformat()
    click.echo(
        told("baselines.of", version=version, days=len(made.days), first=first, last=last, card_days=made.card_days)
    )
    for code, one in named:
        if not one.known:
            note("baselines.few", card_class=code, card_days=one.card_days, enough=made.enough)


def _content(version: str, made: Baselines, named: list[tuple[str, ClassUsual]]) -> dict[str, object]:
    return {
        "version": version,
        "computed_at": made.computed_at.isoformat(),
        "days": made.days,
        "card_days": made.card_days,
        "enough": made.enough,
        "classes": [
            {
                "card_class": code,
                "card_days": one.card_days,
                "known": one.known,
                "values": one.values,
                "hours": [round(share, 4) for share in one.shares],
            }
            for code, one in named
        ],
    }


def _rows(code: str, one: ClassUsual) -> list[list[object]]:
    return [
        [code, metric, *(one.values.get(f"{metric}_{name}", "-") for name in QUANTILES), one.card_days]
        for metric in METRICS
    ]


def _busiest(one: ClassUsual) -> str:
    """The hours in the order of their share of records, of those with any."""
    order = sorted(range(len(one.shares)), key=lambda hour: (-one.shares[hour], hour))
    return "  ".join(f"{hour:02} {one.shares[hour]:.0%}" for hour in order if one.hours[hour])
