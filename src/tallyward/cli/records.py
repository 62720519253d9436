"""`tallyward records`: sources and quarantine."""

from datetime import UTC, datetime
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, told
from tallyward.kernel.paging import MAX_LIMIT, PageRequest
from tallyward.wiring.platform import open_platform
from tallyward.wiring.settings import read_settings


@tallyward.group("records", help=told("records.help"))
def records() -> None:
    """Name the group."""


@records.command("sources", help=told("records.sources"))
@options.folder
@options.as_json
def sources(folder: Path | None, json_target: str | None) -> None:
    """List the sources."""
    with open_platform(read_settings(home=folder)) as platform:
        rows = [
            {
                "name": one.name,
                "format": one.format.value if one.format else None,
                "files": one.files,
                "records": one.records,
                "refused": one.refused,
                "quarantined": one.quarantined,
                "duplicates": one.duplicates,
                "late": one.late,
                "out_of_order": one.out_of_order,
                "newest": datetime.fromtimestamp(one.newest_ts, UTC).isoformat() if one.newest_ts else None,
            }
            for one in platform.records.sources()
        ]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = [
            "name",
            "format",
            "files",
            "records",
            "refused",
            "quarantined",
            "duplicates",
            "late",
            "out_of_order",
            "newest",
        ]
        answer_table(columns, [[row[column] for column in columns] for row in rows])


@records.command("quarantine", help=told("records.quarantine"))
@options.folder
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=50, help=told("option.limit"))
@options.as_json
def quarantine(folder: Path | None, limit: int, json_target: str | None) -> None:
    """List what was put aside, newest first."""
    with open_platform(read_settings(home=folder)) as platform:
        rows = [
            {
                "file": one.name,
                "record": one.record_index,
                "field": one.field or one.tag_path,
                "reason": one.sentence(language()),
                "code": one.reason_code,
                "offset": one.offset,
                "next": one.next_step(language()),
                "at": one.at.isoformat(timespec="seconds"),
            }
            for one in platform.records.quarantine(PageRequest(limit)).rows
        ]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = ("file", "record", "field", "code", "reason")
        answer_table(columns, [[row[column] for column in columns] for row in rows])
