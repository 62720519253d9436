"""`tallyward rules`: what is checked, and whether rule files are right."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, told
from tallyward.wiring.platform import load_rules
from tallyward.wiring.settings import read_settings


@tallyward.command("rules", help=told("rules.help"))
@options.rules_folder
@click.option("--check", is_flag=True, help=told("rules.check"))
@options.as_json
def rules(rules_folder: Path | None, check: bool, json_target: str | None) -> None:
    """List the rules, or check them."""
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
