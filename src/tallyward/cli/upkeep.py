"""`tallyward records verify`, `compact` and `expire`: the store proved, joined, freed of what is too old."""

from collections.abc import Callable
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.records import records
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, told
from tallyward.kernel.catalogue import words
from tallyward.kernel.errors import CorruptError
from tallyward.records.agreement import Agreement
from tallyward.wiring.platform import PATIENCE, open_platform
from tallyward.wiring.settings import read_settings
from tallyward.wiring.upkeep import verify_records

_SHOWN = 50


@records.command("verify", help=told("verify.help"))
@options.folder
@click.option("--quick", is_flag=True, help=told("verify.quick"))
@options.as_json
def verify(folder: Path | None, quick: bool, json_target: str | None) -> None:
    """Compare manifest and segments; exit code 7 where they differ."""
    with open_platform(read_settings(home=folder)) as platform, progress("verify.progress") as advance:
        found = verify_records(platform, quick=quick, progress=advance)
    if json_target:
        answer_json(_answer(found), json_target)
    else:
        _tell(found)
    if found.faults:
        raise click.exceptions.Exit(CorruptError.exit_code)


def _answer(found: Agreement) -> dict[str, object]:
    return {
        "segments": found.segments,
        "records": found.records,
        "bytes": found.bytes,
        "quick": found.quick,
        "unnamed": found.unnamed,
        "faults": [
            {
                "file": fault.path,
                "fault": fault.kind.value,
                "what": words(language(), f"records.fault.{fault.kind}"),
                "expected": fault.expected,
                "found": fault.found,
            }
            for fault in found.faults
        ],
    }


def _tell(found: Agreement) -> None:
    if found.faults:
        rows = [
            [fault.path, words(language(), f"records.fault.{fault.kind}"), fault.expected, fault.found]
            for fault in found.faults[:_SHOWN]
        ]
        answer_table(["file", "fault", "expected", "found"], rows)
        note("verify.faults", faults=len(found.faults), segments=found.segments)
        return
    key = "verify.agree_quick" if found.quick else "verify.agree"
    click.echo(told(key, segments=found.segments, records=found.records, megabytes=found.bytes >> 20))
    if found.unnamed:
        note("verify.unnamed", files=found.unnamed)


@records.command("compact", help=told("compact.help"))
@options.folder
@options.as_json
def compact(folder: Path | None, json_target: str | None) -> None:
    """Join small segments and remove files that nobody reads any more."""
    settings = read_settings(home=folder)
    with (
        open_platform(settings, writing=True, wait_seconds=PATIENCE) as platform,
        progress("compact.progress") as advance,
    ):
        done = platform.records.upkeep.compact(advance)
        removed = platform.records.upkeep.sweep(settings.grace_seconds)
    _answer_counts(
        {
            "before": done.before,
            "after": done.after,
            "records": done.records,
            "damaged": done.damaged,
            "files_removed": removed,
        },
        json_target,
        lambda: told("compact.done", before=done.before, after=done.after, records=done.records, removed=removed),
    )
    if done.damaged:
        note("compact.damaged", groups=done.damaged)
        raise click.exceptions.Exit(CorruptError.exit_code)


@records.command("expire", help=told("expire.help"))
@options.folder
@click.option("--keep-days", type=click.IntRange(1), help=told("expire.keep_days"))
@click.option("--now", is_flag=True, help=told("expire.now"))
@options.as_json
def expire(folder: Path | None, keep_days: int | None, now: bool, json_target: str | None) -> None:
    """Take records that are too old out, and their files after the grace time."""
    settings = read_settings(home=folder, keep_days=keep_days)
    with open_platform(settings, writing=True, wait_seconds=PATIENCE) as platform:
        done = platform.records.upkeep.expire(settings.keep_days, settings.session_days)
        removed = platform.records.upkeep.sweep(0 if now else settings.grace_seconds)
    figures = {
        "segments": done.segments,
        "records": done.records,
        "quarantined": done.quarantined,
        "sessions": done.sessions,
        "files_removed": removed,
    }
    _answer_counts(figures, json_target, lambda: told("expire.done", **figures))


def _answer_counts(figures: dict[str, int], json_target: str | None, sentence: Callable[[], str]) -> None:
    if json_target:
        answer_json(figures, json_target)
    else:
        click.echo(sentence())
