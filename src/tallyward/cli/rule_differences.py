"""`tallyward rules diff`: what differs between two texts of a rule: files, kept versions, what is in use."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.rules import rules, rules_called, settings_of
from tallyward.cli.speech import answer_json, told
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_diff import Difference, RuleDiff, diff_rules
from tallyward.wiring.platform import NamedRules, named_rules


@rules.command("diff", help=told("rules.diff"))
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@options.folder
@options.rules_folder
@options.as_json
@click.pass_context
def diff(
    context: click.Context,
    before: str,
    after: str | None,
    folder: Path | None,
    rules_folder: Path | None,
    json_target: str | None,
) -> None:
    """Compare two rules; exit code 1 where they find something else."""
    with named_rules(settings_of(context, folder, rules_folder)) as known:
        old = rules_called(before, known)
        new = rules_called(after, known) if after else _in_use(old, known)
    found = diff_rules(old, new)
    if json_target:
        answer_json([_row(one) for one in found], json_target)
    else:
        for one in found:
            _tell(one)
    if not all(one.finds_the_same for one in found):
        raise click.exceptions.Exit(1)


def _in_use(old: tuple[Rule, ...], known: NamedRules) -> tuple[Rule, ...]:
    """The same rules as they are in use now; a retired one is missing."""
    return tuple(used for used in (known.book.rule(one.id) for one in old) if used)


def _row(one: RuleDiff) -> dict[str, object]:
    return {
        "before": one.before,
        "after": one.after,
        "before_version": one.before_version,
        "after_version": one.after_version,
        "finds_the_same": one.finds_the_same,
        "differences": [difference._asdict() for difference in one.differences],
    }


def _tell(one: RuleDiff) -> None:
    absent = told("rules.absent")
    sides = {
        "before": one.before or absent,
        "before_version": one.before_version or absent,
        "after": one.after or absent,
        "after_version": one.after_version or absent,
    }
    click.echo(told("rules.diff_same" if one.finds_the_same else "rules.diff_differs", **sides))
    for difference in one.differences:
        _tell_difference(difference)


def _tell_difference(one: Difference) -> None:
    click.echo(f"  {one.place}" + ("" if one.finds else f"  ({told('rules.text_only')})"))
    if one.before is not None:
        click.secho(f"    - {one.before}", fg="red")
    if one.after is not None:
        click.secho(f"    + {one.after}", fg="green")
