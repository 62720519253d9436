"""`tallyward import` and `tallyward export`: files in, files out."""

from pathlib import Path
from typing import NamedTuple

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, refuse_in_words, told
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.decode.mapping import ColumnMapping, read_mapping
from tallyward.records.decode.mapping_document import MOST_BYTES
from tallyward.records.model import Format, IntakeReport, QuarantineRow
from tallyward.registry.columns import IMPORT_ORDER, Kind
from tallyward.registry.report import ImportReport
from tallyward.wiring.intake import source_of
from tallyward.wiring.platform import PATIENCE, Platform, open_platform
from tallyward.wiring.settings import read_settings

RECORDS = "records"
KINDS = [kind.value for kind in IMPORT_ORDER]
FORMATS = [form.value for form in Format if form not in {Format.BATCH, Format.UNKNOWN, Format.MAPPED}]
_SHOWN = 20


@tallyward.command("import", help=told("import.help", kinds=", ".join([*KINDS, RECORDS])))
@click.argument("kind", type=click.Choice([*KINDS, RECORDS]))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.folder
@click.option("--source", default="files", help=told("import.source"))
@click.option("--operator", metavar="CODE", help=told("import.operator"))
@click.option("--format", "form", type=click.Choice(FORMATS), help=told("import.format"))
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help=told("import.mapping"))
@options.as_json
def import_files(
    kind: str,
    files: tuple[Path, ...],
    folder: Path | None,
    source: str,
    operator: str | None,
    form: str | None,
    mapping: Path | None,
    json_target: str | None,
) -> None:
    """Import files of one kind; exit code 1 where something was rejected."""
    if kind != RECORDS and (form or mapping):
        raise click.UsageError(told("import.records_only"))
    for path in files:
        if not path.is_file():
            raise NotFoundError("cli.no_input", path=str(path))
    columns = _mapping(mapping) if mapping else None
    with open_platform(read_settings(home=folder), writing=kind == RECORDS, wait_seconds=PATIENCE) as platform:
        if kind == RECORDS:
            to = source_of(platform, source, operator).id
            how = _How(Format(form) if form else None, columns)
            clean = _import_records(platform, files, to, how, json_target)
        else:
            clean = _import_tables(platform, kind, files, json_target)
    if not clean:
        raise click.exceptions.Exit(1)


def _import_tables(platform: Platform, kind: str, files: tuple[Path, ...], json_target: str | None) -> bool:
    reports: dict[str, ImportReport] = {}
    for path in files:
        with progress("import.progress", name=path.name) as advance:
            reports[path.name] = platform.bulk.import_table(PLATFORM, Kind(kind), path, advance)
    rows = [
        {
            "file": name,
            "added": one.added,
            "changed": one.changed,
            "unchanged": one.unchanged,
            "rejected": one.rejected_count,
            "problems": [
                {"line": row.line, "field": row.field, "code": row.code, "value": row.value} for row in one.rejected
            ],
        }
        for name, one in reports.items()
    ]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = ("file", "added", "changed", "unchanged", "rejected")
        answer_table(columns, [[row[column] for column in columns] for row in rows])
        for report in reports.values():
            _tell_rejected(report)
    return not any(report.rejected_count for report in reports.values())


def _tell_rejected(report: ImportReport) -> None:
    for problem in report.rejected[:_SHOWN]:
        place = f"{told('column.line')} {problem.line}, {problem.field}"
        click.echo(f"  {place}: {problem.refusal().sentence(language())}", err=True)
    if report.rejected_count > _SHOWN:
        note("import.rejected_more", count=report.rejected_count - _SHOWN)


class _How(NamedTuple):
    """What is said about files of records beside their content."""

    form: Format | None
    mapping: ColumnMapping | None


def _mapping(path: Path) -> ColumnMapping:
    if not path.is_file():
        raise NotFoundError("cli.no_input", path=str(path))
    with path.open("rb") as stream:
        return read_mapping(stream.read(MOST_BYTES + 1))


def _import_records(
    platform: Platform, files: tuple[Path, ...], source: SourceId, how: _How, json_target: str | None
) -> bool:
    reports: list[IntakeReport] = []
    reasons: dict[int, QuarantineRow] = {}
    for path in files:
        with progress("import.progress", name=path.name) as advance:
            reports.append(platform.records.take_file(source, path, advance, form=how.form, mapping=how.mapping))
        newest = platform.records.quarantine(PageRequest(1), source).rows
        reasons |= {row.intake: row for row in newest}
    rows = [
        {
            "file": one.name,
            "format": one.format.value,
            "records": one.records,
            "refused": one.refused,
            "quarantined": one.quarantined,
            "duplicate": one.duplicate,
            "duplicates": one.duplicates,
            "late": one.late,
            "out_of_order": one.out_of_order,
            "unknown_cards": one.unknown_cards,
            "unknown_cells": one.unknown_cells,
        }
        for one in reports
    ]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = ("file", "format", "records", "refused", "duplicates", "late")
        answer_table(columns, [[row[column] for column in columns] for row in rows])
        for one in reports:
            _tell_taken(one, reasons.get(one.intake))
    return not any(one.quarantined or one.refused for one in reports)


def _tell_taken(report: IntakeReport, reason: QuarantineRow | None) -> None:
    """What a person should know of a file beyond its figures: the reason in words where nothing of it was taken."""
    if report.duplicate:
        note("import.duplicate", name=report.name)
    if report.quarantined:
        note("import.quarantined", name=report.name)
        if reason:
            refuse_in_words(reason.reason_code, reason.sentence(language()), reason.next_step(language()))
    elif report.refused and not report.duplicate:
        note("import.put_aside", name=report.name, count=report.refused)


@tallyward.command("export", help=told("export.help"))
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.folder
def export_file(kind: str, file: Path, folder: Path | None) -> None:
    """Export one kind to a file."""
    with open_platform(read_settings(home=folder)) as platform:
        rows = platform.bulk.export_table(PLATFORM, Kind(kind), file)
    note("export.done", rows=rows, path=str(file))
