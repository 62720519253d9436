"""`tallyward records watch` and `tallyward records intake`: files that come in by themselves, and how that does."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.records import records
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, told
from tallyward.kernel.clock import SystemClock
from tallyward.kernel.errors import TallywardError
from tallyward.records.intake_state import Doing, IntakeState
from tallyward.wiring.intake import Watch, keeping_up, source_of
from tallyward.wiring.intake_board import IntakeBoard
from tallyward.wiring.logs import set_up_logs
from tallyward.wiring.platform import PATIENCE, open_platform
from tallyward.wiring.publishing import publish_file, publishing
from tallyward.wiring.settings import read_settings
from tallyward.wiring.signals import stop_signals


@records.command("watch", help=told("watch.help"))
@click.argument("drop", metavar="DROP", type=click.Path(path_type=Path, exists=True, file_okay=False))
@options.folder
@click.option("--source", help=told("watch.source"))
@click.option("--operator", metavar="CODE", help=told("import.operator"))
@click.option("--settle", type=click.FloatRange(0), help=told("watch.settle"))
@click.option("--keep", is_flag=True, default=None, help=told("watch.keep"))
@click.option("--once", is_flag=True, help=told("watch.once"))
@options.as_json
def watch(
    drop: Path,
    folder: Path | None,
    source: str | None,
    operator: str | None,
    settle: float | None,
    keep: bool | None,
    once: bool,
    json_target: str | None,
) -> None:
    """Watch until Ctrl-C or SIGTERM; with `--once` take what is whole, and exit code 1 where something is not in."""
    settings = read_settings(
        home=folder, drop=drop, drop_source=source, drop_operator=operator, settle_seconds=settle, drop_keep=keep
    )
    set_up_logs(as_json=settings.log_json)
    with stop_signals() as stop, open_platform(settings, writing=True, wait_seconds=PATIENCE) as platform:
        source_of(platform, settings.drop_source, settings.drop_operator)  # refuses at once what could never work
        work = Watch(platform, settings, drop.absolute(), stop.is_set)
        if once:
            work.once()
        else:
            note("watch.watching", folder=str(drop))
            with keeping_up(platform, settings):
                work.run(stop)
        state = work.standing.state
    if json_target:
        answer_json(_row(state), json_target)
    else:
        note("watch.done", taken=state.taken, refused=state.refused, repeated=state.repeated)
    if state.reason_code and once:
        _refuse(state)


def _refuse(state: IntakeState) -> None:
    raise TallywardError(state.reason_code, **state.reason_blanks)


@records.command("publish", help=told("publish.help"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.folder
@click.option("--nats", metavar="URL", help=told("publish.nats"))
@options.as_json
def publish(files: tuple[Path, ...], folder: Path | None, nats: str | None, json_target: str | None) -> None:
    """Send files into the stream; exit code 1 where lines could not be sent."""
    settings = read_settings(home=folder, nats=nats)
    answers = []
    with publishing(settings) as publisher:
        for path in files:
            with progress("publish.progress", name=path.name) as advance:
                rows, messages, broken = publish_file(publisher, path, advance)
            answers.append({"file": path.name, "records": rows, "messages": messages, "refused": broken})
    if json_target:
        answer_json(answers, json_target)
    else:
        answer_table(list(answers[0]), [list(row.values()) for row in answers])
    if any(row["refused"] for row in answers):
        raise click.exceptions.Exit(1)


@records.command("intake", help=told("intake.help"))
@options.folder
@options.as_json
def intake(folder: Path | None, json_target: str | None) -> None:
    """Tell how each continuous intake does; exit code 1 where one is stopped."""
    states = IntakeBoard(read_settings(home=folder).folder / "intake", SystemClock()).states()
    if json_target:
        answer_json([_row(state) for state in states], json_target)
    else:
        columns = ("intake", "place", "source", "doing", "waiting", "taken", "refused", "repeated", "at")
        answer_table(columns, [[_row(state)[column] for column in columns] for state in states])
        for state in states:
            if state.reason_code:
                click.echo(f"{state.sentence(language())}\n  → {state.next_step(language())}", err=True)
        if not states:
            note("intake.none")
    if any(state.doing is Doing.STOPPED for state in states):
        raise click.exceptions.Exit(1)


def _row(state: IntakeState) -> dict[str, object]:
    return {
        "intake": state.kind.value,
        "place": state.place,
        "source": state.source,
        "doing": state.doing.value,
        "since": state.since.isoformat(timespec="seconds"),
        "at": state.at.isoformat(timespec="seconds"),
        "waiting": state.behind.waiting,
        "waiting_bytes": state.behind.bytes,
        "oldest": state.behind.oldest.isoformat(timespec="seconds") if state.behind.oldest else None,
        "taken": state.taken,
        "refused": state.refused,
        "repeated": state.repeated,
        "failing": state.failing,
        "code": state.reason_code,
        "reason": state.sentence(language()),
        "next": state.next_step(language()),
    }
