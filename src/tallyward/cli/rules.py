"""`tallyward rules`: what is checked, and whether rule files are right."""

import re
from pathlib import Path
from typing import Final

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, told
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import RuleId
from tallyward.wiring.detection import load_rules
from tallyward.wiring.platform import NamedRules, book_in_use
from tallyward.wiring.settings import Settings, read_settings

_VERSION: Final = re.compile(r"(?P<rule>[A-Z][A-Za-z0-9_]*)@(?P<version>\S+)")


@tallyward.group("rules", help=told("rules.help"), invoke_without_command=True)
@options.folder
@options.rules_folder
@click.option("--check", is_flag=True, help=told("rules.check"))
@options.as_json
@click.pass_context
def rules(
    context: click.Context, folder: Path | None, rules_folder: Path | None, check: bool, json_target: str | None
) -> None:
    """List the rules, or check them, where no other command follows."""
    if context.invoked_subcommand is not None:
        if check or json_target:
            raise click.UsageError(told("rules.after", command=context.invoked_subcommand), context)
        return
    settings = read_settings(home=folder, rules=rules_folder)
    if check:
        book = load_rules(settings)
        tests = sum(len(rule.trials) for rule in book.rules)
        click.echo(told("rules.checked", rules=len(book.rules), tests=tests, version=book.version))
        return
    rows = [
        {
            "rule": rule.id,
            "severity": rule.severity,
            "title": rule.title[language()],
            "version": rule.version,
            "file": rule.file,
        }
        for rule in book_in_use(settings).rules
    ]
    if json_target:
        answer_json(rows, json_target)
    else:
        answer_table(["rule", "severity", "title", "version", "file"], [list(row.values()) for row in rows])


def settings_of(context: click.Context, folder: Path | None, rules_folder: Path | None = None) -> Settings:
    """Settings with the folders given to a command below `rules`, else to `rules` itself."""
    above: click.Context | None = context
    while above is not None and (folder is None or rules_folder is None):
        folder = folder or above.params.get("folder")
        rules_folder = rules_folder or above.params.get("rules_folder")
        above = above.parent
    return read_settings(home=folder, rules=rules_folder)


def split_version(name: str) -> tuple[RuleId, str] | None:
    """(rule, version) of RULE@VERSION; None where it is none."""
    found = _VERSION.fullmatch(name)
    return (RuleId(found["rule"]), found["version"]) if found else None


def rules_called(name: str, known: NamedRules) -> tuple[Rule, ...]:
    """The version that RULE@VERSION names, the rule in use with that id, else the rules of that file or folder.

    A file that is called like one of the first two is named as ./R1. Refuses with `detect.no_version` or `cli.no_rule`.
    """
    version = split_version(name)
    if version:
        return (known.version(*version),)
    rule = known.book.rule(RuleId(name))
    if rule:
        return (rule,)
    if not Path(name).exists():
        ids = ", ".join(one.id for one in known.book.rules)
        raise NotFoundError("cli.no_rule", name=name[:80], known=ids[:200])
    return RuleBook.load([Path(name)]).rules
