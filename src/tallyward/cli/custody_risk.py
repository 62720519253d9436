"""`tallyward custody risk`: which cards are likely in unregistered hands, by their ledger and their traffic."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import answer_json, answer_table, language, note, told, working
from tallyward.kernel.errors import NotFoundError
from tallyward.wiring.custody.risk_log import RiskReport
from tallyward.wiring.platform import open_platform
from tallyward.wiring.settings import read_settings

_SHOWN: Final = 5


@custody.command("risk", help=told("custody.risk"))
@click.option("--show", "shown", type=click.IntRange(0, 1000), default=_SHOWN, help=told("custody.risk_show"))
@options.folder
@options.as_json
def risk(shown: int, folder: Path | None, json_target: str | None) -> None:
    """Judge now, open or join the incidents, and tell what was found."""
    with open_platform(read_settings(home=folder)) as platform, working():
        judged = platform.custody_risk.run(reconcile=True)
    if judged is None:
        raise NotFoundError("custody.no_ledger", file="ledger.db")
    if json_target:
        answer_json(asdict(judged.report), json_target)
    else:
        _tell(judged.report, shown)


def _tell(report: RiskReport, shown: int) -> None:
    cards: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for one in report.counts:
        cards[one.kind] += one.cards
        holders[one.kind] += 1
    if cards:
        answer_table(["break", "cards", "holders"], [[kind, cards[kind], holders[kind]] for kind in sorted(cards)])
    for finding in report.told[:shown]:
        head, *rest = finding.explanation[language()]
        click.echo(f"\n{head}" + (f" [{finding.number}]" if finding.number else ""))
        click.echo("\n".join(f"  {sentence}" for sentence in rest))
    if report.told and shown:
        click.echo()
    for each in report.reconciliations:
        click.echo("\n".join(each.told[language()]))
    blanks = {"findings": report.findings, "cards": report.cards, "entries": report.entries}
    note("custody.risk_over", **blanks, whitelisted=report.whitelisted)
