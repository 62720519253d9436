"""`tallyward inspect real-name`: newly joined cards of industry users and their registration, as files."""

from datetime import date
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, note, told
from tallyward.console.show.notice_files import notice_csv, notice_html
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import EnterpriseId
from tallyward.registry.inspecting import Inspected
from tallyward.registry.inspection_period import Period
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings


@tallyward.group("inspect", help=told("inspect.help"))
def inspect() -> None:
    """Name the group."""


@inspect.command("real-name", help=told("inspect.real_name"))
@options.folder
@click.option("--since", type=options.DAY, required=True, help=told("inspect.since"))
@click.option("--until", type=options.DAY, required=True, help=told("inspect.until"))
@click.option("--enterprise", metavar="CODE", help=told("inspect.enterprise"))
@click.option("--assumed", is_flag=True, help=told("inspect.assumed"))
@click.option("--html", "html", type=click.Path(path_type=Path, dir_okay=False), help=told("inspect.html"))
@click.option("--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), help=told("inspect.csv"))
@options.as_json
def real_name(
    folder: Path | None,
    since: date,
    until: date,
    enterprise: str | None,
    assumed: bool,
    html: Path | None,
    csv: Path | None,
    json_target: str | None,
) -> None:
    """Inspect a period now; nothing is kept but the files."""
    period = Period(since, until)
    with open_platform(read_settings(home=folder)) as platform:
        names = {one.id: (one.code, one.name) for one in platform.registry.enterprises(PLATFORM)}
        found = _of(platform, platform.inspections.inspect(PLATFORM, period, also_assumed=assumed), enterprise)
    for path, write in ((html, notice_html), (csv, notice_csv)):
        if path is not None:
            text = write(found.inspection, found.notices, names.__getitem__, language())
            path.write_text(text, encoding="utf-8", newline="")
            note("inspect.written", path=str(path))
    if json_target:
        answer_json(_rows(found, names), json_target)
    elif not (html or csv):
        columns = ["enterprise", "verdict", "joined", "registered", "unregistered", "in_use", "assumed"]
        answer_table(columns, [[row[column] for column in columns] for row in _rows(found, names)])


def _of(platform: Platform, found: Inspected, code: str | None) -> Inspected:
    if code is None:
        return found
    wanted = platform.enterprise_by_code(code).id
    return Inspected(found.inspection, tuple(one for one in found.notices if one.enterprise == wanted))


def _rows(found: Inspected, names: dict[EnterpriseId, tuple[str, str]]) -> list[dict[str, object]]:
    return [
        {
            "enterprise": names[one.enterprise][0],
            "verdict": one.verdict.value,
            "joined": one.joined,
            "registered": one.registered,
            "unregistered": one.unregistered,
            "share": one.share,
            "in_use": one.in_use,
            "undated": one.undated,
            "assumed": one.assumed,
            "longest_since": one.longest_since,
            "cards": [card.iccid for card in one.late],
        }
        for one in found.notices
    ]
