"""`tallyward scan`: one traversal of every card's records, and the incidents that come of it."""

from collections import Counter
from datetime import date
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, refuse, told
from tallyward.kernel.errors import NotFoundError
from tallyward.wiring.platform import open_platform
from tallyward.wiring.scanning import Scanned
from tallyward.wiring.settings import read_settings
from tallyward.wiring.upkeep import lost_segments


@tallyward.command("scan", help=told("scan.help"))
@options.folder
@options.rules_folder
@click.option("--day", type=options.DAY, help=told("option.day"))
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help=told("scan.engine"))
@click.option("--master", default="local[*]", metavar="URL", help=told("scan.master"))
@options.as_json
def scan(
    folder: Path | None, rules_folder: Path | None, day: date | None, engine: str, master: str, json_target: str | None
) -> None:
    """Scan a day, or all that have new records."""
    spark_master = master if engine == "spark" else None
    with open_platform(read_settings(home=folder, rules=rules_folder), spark_master=spark_master) as platform:
        days = [day] if day else list(platform.records.days())
        if not days:
            raise NotFoundError("cli.no_records")
        if lost := lost_segments(platform):
            refuse(lost)
        done = []
        for one in days:
            with progress("scan.progress") as advance:
                done.append(platform.scanning.scan(one, advance))
    if json_target:
        answer_json([_row(one) for one in done], json_target)
    else:
        for scanned in done:
            found = Counter(finding.rule for finding in scanned.report.findings)
            answer_table(["rule", "found"], sorted(found.items()))
            _tell(scanned)
    damages = [damage for scanned in done for damage in scanned.report.unread]
    for damage in damages:
        refuse(damage)
    if damages:
        raise click.exceptions.Exit(damages[0].exit_code)


def _row(one: Scanned) -> dict[str, object]:
    coverage = one.report.coverage
    return {
        "day": one.report.day,
        "found": dict(sorted(Counter(finding.rule for finding in one.report.findings).items())),
        "opened": one.absorbed.opened,
        "joined": one.absorbed.joined,
        "unchanged": one.absorbed.unchanged,
        "whitelisted": dict(one.whitelisted),
        "records_in": coverage.records_in,
        "records_used": coverage.records_used,
        "records_refused": coverage.records_refused,
        "cards_expected": coverage.cards_expected,
        "cards_read": coverage.cards_read,
        "cards_unknown": coverage.cards_unknown,
        "rules_version": one.report.rules_version,
        "manifest_version": one.report.manifest_version,
        "profile_version": one.report.profile_version,
        "seconds": round(one.report.seconds, 3),
        "unread": [{"code": damage.code, "sentence": damage.sentence(language())} for damage in one.report.unread],
    }


def _tell(one: Scanned) -> None:
    coverage = one.report.coverage
    click.echo(
        told(
            "scan.summary",
            records=coverage.records_in,
            cards=coverage.cards_read,
            seconds=round(one.report.seconds, 2),
            opened=one.absorbed.opened,
            joined=one.absorbed.joined,
            unchanged=one.absorbed.unchanged,
        )
    )
    if one.whitelisted:
        rules = ", ".join(f"{rule} {count}" for rule, count in one.whitelisted.items())
        note("scan.whitelisted", count=one.absorbed.whitelisted, rules=rules)
    whole = coverage.records_in == coverage.records_used + coverage.records_refused
    note(
        "scan.coverage_whole" if whole else "scan.coverage_red",
        records_in=coverage.records_in,
        records_used=coverage.records_used,
        records_refused=coverage.records_refused,
    )
