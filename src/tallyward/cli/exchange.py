"""`tallyward import` and `tallyward export`: files in, files out."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, refuse_in_words, told
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import EnterpriseId
from tallyward.kernel.paging import PageRequest
from tallyward.records.model import IntakeReport, QuarantineRow
from tallyward.registry.columns import IMPORT_ORDER, Kind
from tallyward.registry.model import EnterpriseKind
from tallyward.registry.report import ImportReport
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings

RECORDS = "records"
KINDS = [kind.value for kind in IMPORT_ORDER]
_SHOWN = 20


@tallyward.command("import", help=told("import.help", kinds=", ".join([*KINDS, RECORDS])))
@click.argument("kind", type=click.Choice([*KINDS, RECORDS]))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.folder
@click.option("--source", default="files", help=told("import.source"))
@click.option("--operator", metavar="CODE", help=told("import.operator"))
@options.as_json
def import_files(
    kind: str, files: tuple[Path, ...], folder: Path | None, source: str, operator: str | None, json_target: str | None
) -> None:
    """Import files of one kind; exit code 1 where something was rejected."""
    for path in files:
        if not path.is_file():
            raise NotFoundError("cli.no_input", path=str(path))
    with open_platform(read_settings(home=folder), writing=kind == RECORDS) as platform:
        if kind == RECORDS:
            clean = _import_records(platform, files, source, operator, json_target)
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


def _import_records(
    platform: Platform, files: tuple[Path, ...], source: str, operator: str | None, json_target: str | None
) -> bool:
    number = platform.records.add_source(source, _operator(platform, operator))
    reports: list[IntakeReport] = []
    reasons: dict[int, QuarantineRow] = {}
    for path in files:
        with progress("import.progress", name=path.name) as advance:
            reports.append(platform.records.take_file(number, path, advance))
        newest = platform.records.quarantine(PageRequest(1), number).rows
        reasons |= {row.intake: row for row in newest}
    rows = [
        {
            "file": one.name,
            "format": one.format.value,
            "records": one.records,
            "refused": one.refused,
            "quarantined": one.quarantined,
            "duplicate": one.duplicate,
            "unknown_cards": one.unknown_cards,
            "unknown_cells": one.unknown_cells,
        }
        for one in reports
    ]
    if json_target:
        answer_json(rows, json_target)
    else:
        columns = ("file", "format", "records", "refused")
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


def _operator(platform: Platform, code: str | None) -> EnterpriseId:
    if code:
        return platform.enterprise_by_code(code).id
    operators = [one for one in platform.registry.enterprises(PLATFORM) if one.kind is EnterpriseKind.OPERATOR]
    if len(operators) != 1:
        raise click.UsageError(told("import.operator_unclear"))
    return operators[0].id


@tallyward.command("export", help=told("export.help"))
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.folder
def export_file(kind: str, file: Path, folder: Path | None) -> None:
    """Export one kind to a file."""
    with open_platform(read_settings(home=folder)) as platform:
        rows = platform.bulk.export_table(PLATFORM, Kind(kind), file)
    note("export.done", rows=rows, path=str(file))
