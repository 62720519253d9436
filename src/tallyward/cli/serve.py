"""`tallyward serve`: the console, and a scan whenever records came."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import note, refuse, told
from tallyward.wiring.folder import holding
from tallyward.wiring.intake import taking_in
from tallyward.wiring.logs import set_up_logs
from tallyward.wiring.platform import PATIENCE, open_platform
from tallyward.wiring.server import serving
from tallyward.wiring.settings import read_settings
from tallyward.wiring.signals import stop_signals
from tallyward.wiring.upkeep import lost_segments


@tallyward.command("serve", help=told("serve.help"))
@options.folder
@options.rules_folder
@click.option("--host", help=told("option.host"))
@click.option("--port", type=click.IntRange(0, 65535), help=told("option.port"))
@click.option("--https", is_flag=True, default=None, help=told("option.https"))
@click.option("--drop", type=click.Path(path_type=Path, file_okay=False), help=told("serve.drop"))
@click.option("--nats", metavar="URL", help=told("serve.nats"))
@click.option("--operator", metavar="CODE", help=told("import.operator"))
def serve(
    folder: Path | None,
    rules_folder: Path | None,
    host: str | None,
    port: int | None,
    https: bool | None,
    drop: Path | None,
    nats: str | None,
    operator: str | None,
) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    settings = read_settings(
        home=folder,
        rules=rules_folder,
        host=host,
        port=port,
        https=https,
        drop=drop,
        drop_operator=operator,
        nats=nats,
        nats_operator=operator,
    )
    set_up_logs(as_json=settings.log_json)
    with (
        stop_signals() as stop,
        holding(settings.folder),
        open_platform(settings, writing=settings.takes_in, wait_seconds=PATIENCE) as platform,
    ):
        if lost := lost_segments(platform):
            refuse(lost)
        password = platform.accounts.ensure_first_admin()
        with serving(platform, settings) as address, taking_in(platform, settings):
            if password:
                note("serve.first_admin", password=password)
            note("serve.listening", address=address)
            stop.wait()
    note("serve.stopped")
