"""`tallyward incidents`: what was found, why, and moving it on."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, told
from tallyward.incidents.life_cycle import Event, State
from tallyward.incidents.model import Incident, IncidentDetail, IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import IncidentId, RuleId
from tallyward.kernel.paging import MAX_LIMIT, PageRequest
from tallyward.wiring.platform import open_platform
from tallyward.wiring.settings import read_settings


@tallyward.group("incidents", help=told("incidents.help"))
def incidents() -> None:
    """Name the group."""


@incidents.command("list", help=told("incidents.list"))
@options.folder
@click.option("--state", type=click.Choice([state.value for state in State]), help=told("incidents.state"))
@click.option("--rule", help=told("incidents.rule"))
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=50, help=told("option.limit"))
@options.as_json
def list_incidents(
    folder: Path | None, state: str | None, rule: str | None, limit: int, json_target: str | None
) -> None:
    """List the newest."""
    states = frozenset({State(state)}) if state else frozenset[State]()
    wanted = IncidentFilter(states=states, rule=RuleId(rule) if rule else None)
    with open_platform(read_settings(home=folder)) as platform:
        rows = [_row(one) for one in platform.incidents.page(PLATFORM, wanted, PageRequest(limit)).rows]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = ["id", "day", "rule", "severity", "subject", "records", "state"]
        answer_table(columns, [[*row.values()] for row in rows])


def _row(one: Incident) -> dict[str, str | int]:
    subject = f"{one.subject.kind} {one.subject.number}"
    return {
        "id": one.id,
        "day": one.day.isoformat(),
        "rule": one.rule,
        "severity": one.severity,
        "subject": subject,
        "records": one.records,
        "state": one.state.value,
    }


@incidents.command("show", help=told("incidents.show"))
@click.argument("number", type=int)
@options.folder
@options.as_json
def show(number: int, folder: Path | None, json_target: str | None) -> None:
    """Tell one."""
    with open_platform(read_settings(home=folder)) as platform:
        detail = platform.incidents.get(PLATFORM, IncidentId(number))
    if json_target:
        answer_json(_whole(detail), json_target)
        return
    for name, value in _row(detail.incident).items():
        click.echo(f"{told(f'column.{name}'):>12}  {value}")
    words = detail.explanation[language()]
    click.echo(f"\n{told('incidents.why')}: {words.why}\n{told('incidents.normal')}: {words.normal}\n")
    for measure in detail.measures:
        limit = told("incidents.observed", observed=measure.observed, limit=measure.limit, origin=measure.origin)
        click.echo(f"  {measure.name}: {limit}")


def _whole(detail: IncidentDetail) -> dict[str, object]:
    return {
        **_row(detail.incident),
        "explanation": {tongue: {"why": one.why, "normal": one.normal} for tongue, one in detail.explanation.items()},
        "measures": [
            {"name": one.name, "observed": one.observed, "limit": one.limit, "origin": one.origin}
            for one in detail.measures
        ],
        "history": [
            {"at": entry.step.at, "kind": entry.step.kind, "actor": entry.step.actor, "text": entry.step.text}
            for entry in detail.history
        ],
    }


@incidents.command("act", help=told("incidents.act"))
@click.argument("number", type=int)
@click.argument("event", type=click.Choice([event.value for event in Event]))
@click.option("--reason", help=told("incidents.reason"))
@options.folder
def act(number: int, event: str, reason: str | None, folder: Path | None) -> None:
    """Move it on."""
    with open_platform(read_settings(home=folder)) as platform:
        detail = platform.incidents.act(PLATFORM, IncidentId(number), Event(event), reason)
    click.echo(told("incidents.done", id=number, state=detail.incident.state.value))
