"""`tallyward rules`: what is checked, and whether rule files are right."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, told
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import RuleId
from tallyward.wiring.platform import load_rules
from tallyward.wiring.settings import read_settings


@tallyward.group("rules", help=told("rules.help"), invoke_without_command=True)
@options.rules_folder
@click.option("--check", is_flag=True, help=told("rules.check"))
@options.as_json
@click.pass_context
def rules(context: click.Context, rules_folder: Path | None, check: bool, json_target: str | None) -> None:
    """List the rules, or check them, where no other command follows."""
    if context.invoked_subcommand is not None:
        if check or json_target:
            raise click.UsageError(told("rules.after", command=context.invoked_subcommand), context)
        return
    book = load_rules(read_settings(rules=rules_folder))
    if check:
        tests = sum(len(rule.trials) for rule in book.rules)
        click.echo(told("rules.checked", rules=len(book.rules), tests=tests, version=book.version))
        return
    rows = [
        {"rule": rule.id, "severity": rule.severity, "title": rule.title[language()], "version": rule.version}
        for rule in book.rules
    ]
    if json_target:
        answer_json(rows, json_target)
    else:
        answer_table(["rule", "severity", "title", "version"], [list(row.values()) for row in rows])


def rules_of(context: click.Context, rules_folder: Path | None) -> Path | None:
    """The folder given with a command below `rules`, else with `rules` itself."""
    above = context.parent.params.get("rules_folder") if context.parent else None
    return rules_folder or (above if isinstance(above, Path) else None)


def named_rules(name: str, book: RuleBook) -> tuple[Rule, ...]:
    """The loaded rule with that id, else the rules of that file or folder; refuses with `cli.no_rule`.

    A file that is called like a loaded rule is named as ./R1.
    """
    rule = book.rule(RuleId(name))
    if rule:
        return (rule,)
    if not Path(name).exists():
        known = ", ".join(one.id for one in book.rules)
        raise NotFoundError("cli.no_rule", name=name[:80], known=known[:200])
    return RuleBook.load([Path(name)]).rules
