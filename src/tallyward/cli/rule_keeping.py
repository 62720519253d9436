"""`tallyward rules promote`, `versions`, `rollback`, `retire`: which text of a rule is in use."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.rules import rules, settings_of
from tallyward.cli.speech import answer_json, answer_table, told
from tallyward.detect.cards.rule_text import MOST_BYTES
from tallyward.detect.kept_rules import Action, Version, read_rule
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import RuleId
from tallyward.wiring.platform import open_platform

_note = click.option("--note", default="", help=told("rules.note"))


@rules.command("promote", help=told("rules.promote"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_note
@options.folder
@click.pass_context
def promote(context: click.Context, file: Path, note: str, folder: Path | None) -> None:
    """Make the text of a file the one in use."""
    data = _read(file)
    read_rule(data, str(file))  # what is wrong with it is told before a folder is made or opened
    with open_platform(settings_of(context, folder)) as platform:
        _tell(platform.rules.promote(PLATFORM, data, note, file=str(file)))


@rules.command("versions", help=told("rules.versions"))
@click.argument("rule")
@options.folder
@options.as_json
@click.pass_context
def versions(context: click.Context, rule: str, folder: Path | None, json_target: str | None) -> None:
    """List the versions of a rule, newest first, and last the text of the rule files."""
    with open_platform(settings_of(context, folder)) as platform:
        kept = platform.rules.versions(PLATFORM, RuleId(rule))
        files = platform.rules.base(RuleId(rule))
    rows = [_row(one, in_use=place == 0 and one.action is not Action.RETIRE) for place, one in enumerate(kept)]
    if files is not None:
        in_use = not kept or (kept[0].text is None and kept[0].action is Action.ROLL_BACK)
        rows.append(
            {
                "number": 0,
                "version": files.version,
                "action": "files",
                "author": None,
                "at": None,
                "note": files.file,
                "in_use": in_use,
            }
        )
    if json_target:
        answer_json(rows, json_target)
    else:
        shown = [[*list(row.values())[:-1], "*" if row["in_use"] else ""] for row in rows]
        answer_table(["number", "version", "action", "author", "at", "note", "current"], shown)


@rules.command("rollback", help=told("rules.rollback"))
@click.argument("rule")
@click.option("--to", required=True, metavar="VERSION", help=told("rules.to"))
@_note
@options.folder
@click.pass_context
def rollback(context: click.Context, rule: str, to: str, note: str, folder: Path | None) -> None:
    """Put an earlier version in use again."""
    with open_platform(settings_of(context, folder)) as platform:
        _tell(platform.rules.roll_back(PLATFORM, RuleId(rule), to, note))


@rules.command("retire", help=told("rules.retire"))
@click.argument("rule")
@_note
@options.folder
@click.pass_context
def retire(context: click.Context, rule: str, note: str, folder: Path | None) -> None:
    """Take a rule out of use."""
    with open_platform(settings_of(context, folder)) as platform:
        _tell(platform.rules.retire(PLATFORM, RuleId(rule), note))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as wrong:
        problem = wrong.strerror or str(wrong)
        raise InvalidError("detect.rule_file_unreadable", file=str(file), line=1, column=1, problem=problem) from None


def _row(one: Version, *, in_use: bool) -> dict[str, object]:
    return {
        "number": one.number,
        "version": one.version,
        "action": one.action.value,
        "author": one.author,
        "at": one.at.isoformat(timespec="seconds"),
        "note": one.note,
        "in_use": in_use,
    }


def _tell(one: Version) -> None:
    key = "rules.retired" if one.action is Action.RETIRE else "rules.promoted"
    click.echo(told(key, rule=one.rule, version=one.version, number=one.number))
