"""`tallyward demo`: everything on embedded defaults, on a simulated fleet."""

import shutil
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, note, progress, told
from tallyward.simulate.chain_verdict import ChainVerdict
from tallyward.simulate.verdict import Verdict
from tallyward.wiring.demo import SOURCE, Demo, DemoPlan, batches_of, terminals_of, yesterday
from tallyward.wiring.demo_chain import MOST_CARDS, CustodyVerdict
from tallyward.wiring.folder import holding
from tallyward.wiring.intake import taking_in
from tallyward.wiring.logs import set_up_logs
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.publishing import StreamDelivery, stream_delivery
from tallyward.wiring.server import serving
from tallyward.wiring.settings import Settings, read_settings
from tallyward.wiring.signals import stop_signals

_TRAVERSE_SECONDS = 20.0  # a demo is watched: its statement of what was read should not be old
_INEXACT = 1

Verdicts: TypeAlias = tuple[Verdict, CustodyVerdict | None]
"""Of the card rules, and of the card ledger where there is one."""


class _Bars:
    """Progress bars for the demo's steps."""

    def step(self, key: str, **blanks: str | int) -> AbstractContextManager[Callable[[int, int], None]]:
        """One bar."""
        return progress(key, **blanks)


@tallyward.command("demo", help=told("demo.help"))
@options.folder
@click.option("--cards", type=click.IntRange(100, 10_000_000), default=20_000, help=told("demo.cards"))
@click.option("--terminals", type=click.IntRange(10, 10_000_000), help=told("demo.terminals"))
@click.option("--seed", type=int, default=1, help=told("demo.seed"))
@click.option("--seconds", type=click.FloatRange(0, 86_400), default=120, help=told("demo.seconds"))
@click.option("--once", is_flag=True, help=told("demo.once"))
@click.option("--until-done", is_flag=True, help=told("demo.until_done"))
@click.option("--no-browser", is_flag=True, help=told("demo.no_browser"))
@click.option("--nats", metavar="URL", help=told("demo.nats"))
@click.option("--host", help=told("option.host"))
@click.option("--port", type=click.IntRange(0, 65535), help=told("option.port"))
@options.as_json
def demo(
    folder: Path | None,
    cards: int,
    terminals: int | None,
    seed: int,
    seconds: float,
    once: bool,
    until_done: bool,
    no_browser: bool,
    nats: str | None,
    host: str | None,
    port: int | None,
    json_target: str | None,
) -> None:
    """Run the demo; exit code 1 where found and planted differ."""
    plan = DemoPlan(
        cards, terminals or terminals_of(cards), seed, yesterday(), batches_of(cards), 0 if once else seconds
    )
    with _folder(folder) as home:
        settings = read_settings(home=home, host=host, port=port, nats=nats, traverse_seconds=_TRAVERSE_SECONDS)
        set_up_logs(as_json=settings.log_json)
        with holding(settings.folder):
            live = partial(_live, until_done=until_done, no_browser=no_browser)
            found = (_once if once else live)(settings, plan)
        if found is not None and json_target:
            verdict, custody = found
            answer_json({**asdict(verdict), "custody": asdict(custody) if custody else None}, json_target)
    if found is not None and not all(one.exact for one in found if one):
        note("demo.truth_differs")
        raise click.exceptions.Exit(_INEXACT)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """The given folder, or a fresh one that goes at the end."""
    if given is not None:
        yield given
        return
    fresh = Path(tempfile.mkdtemp(prefix="tallyward-demo-"))
    note("demo.folder_is", folder=str(fresh))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        note("demo.removed")


@contextmanager
def _way_in(platform: Platform, settings: Settings) -> Iterator[StreamDelivery | None]:
    """By the stream where a message server was named, else straight to the records."""
    if settings.nats is None:
        yield None
        return
    with taking_in(platform, settings.for_source(SOURCE)), stream_delivery(settings) as delivery:
        yield delivery


def _patiently(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _once(settings: Settings, plan: DemoPlan) -> Verdicts:
    note("demo.simulating", cards=plan.cards, terminals=plan.terminals, seed=plan.seed)
    with open_platform(settings, writing=True) as platform, _way_in(platform, settings) as way:
        show = Demo(platform, plan, way)
        source = show.import_fleet(_Bars())
        _write_ledger(show)
        show.take_broken_file(source)
        show.take_day(source, _Bars(), lambda _seconds: False)
        if way:
            way.wait(_patiently)
        return _told(show)


def _live(settings: Settings, plan: DemoPlan, *, until_done: bool, no_browser: bool) -> Verdicts | None:
    note("demo.simulating", cards=plan.cards, terminals=plan.terminals, seed=plan.seed)
    with ExitStack() as stack:
        stop = stack.enter_context(stop_signals())
        platform = stack.enter_context(open_platform(settings, writing=True))
        way = stack.enter_context(_way_in(platform, settings))
        show = Demo(platform, plan, way)
        source = show.import_fleet(_Bars())
        _write_ledger(show)
        password = platform.accounts.ensure_first_admin() or told("demo.known_password")
        address = stack.enter_context(serving(platform, settings))
        note("demo.open_console", address=address, password=password)
        if not no_browser:
            webbrowser.open(address)
        show.take_broken_file(source)
        if not show.take_day(source, _Bars(), stop.wait) or (way and not way.wait(stop.wait)):
            return None
        found = _told(show)
        if not until_done:
            note("demo.waiting")
            stop.wait()
        return found


def _write_ledger(show: Demo) -> None:
    if not show.write_ledger(_Bars()):
        note("demo.no_ledger", most=MOST_CARDS)


def _told(show: Demo) -> Verdicts:
    verdict, custody = show.verdict(), show.custody_verdict()
    _tell(verdict)
    if custody:
        _tell_custody("breaks", custody.breaks)
        _tell_custody("refusals", custody.refusals)
    return verdict, custody


def _tell(verdict: Verdict) -> None:
    rules = sorted({*verdict.planted, *verdict.found})
    answer_table_rows = [[rule, verdict.planted.get(rule, 0), verdict.found.get(rule, 0)] for rule in rules]
    answer_table(["rule", "planted", "found"], answer_table_rows, err=True)
    note(
        "demo.day_over",
        planted=sum(verdict.planted.values()),
        found=sum(verdict.found.values()),
        missed=verdict.missed,
        false=verdict.false,
        records=verdict.records,
    )


def _tell_custody(name: str, found: ChainVerdict) -> None:
    answer_table(
        [name, "planted", "found"], [[kind, one.planted, one.found] for kind, one in found.kinds.items()], err=True
    )
    missed, false = len(found.missed), len(found.invented)
    note(f"demo.{name}", planted=found.planted, found=found.found, missed=missed, false=false)
