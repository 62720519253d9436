"""`tallyward rules test`: what rules would find in the stored records, before they are in force."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from tallyward.cli import options
from tallyward.cli.rules import rules, rules_called, settings_of
from tallyward.cli.speech import answer_json, answer_table, language, note, progress, told
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.finding import EvidenceRecord, Finding
from tallyward.detect.cards.rule import Rule
from tallyward.detect.dry_run import SHOWN, Differing, DryRun, changed, compared, dry_run, stored_days
from tallyward.detect.service import ScanReport
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.catalogue import words
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import AreaId, CardId, CellId
from tallyward.records.schema import Service
from tallyward.wiring.platform import Platform, named_rules, open_platform

_MOST_SHOWN = 10_000
_MOST_ENTERPRISES = 20


class _Tried(NamedTuple):
    """The dry run, the one of the loaded texts that differ, and what differs."""

    run: DryRun
    loaded: DryRun
    differing: tuple[Differing, ...]


@rules.command("test", help=told("rules.test"))
@click.argument("rule", metavar="RULE")
@click.option("--since", type=options.DAY, required=True, help=told("rules.since"))
@click.option("--until", type=options.DAY, help=told("rules.until"))
@click.option("--show", type=click.IntRange(0, _MOST_SHOWN), default=SHOWN, help=told("rules.show", shown=SHOWN))
@options.folder
@options.rules_folder
@options.as_json
@click.pass_context
def test(
    context: click.Context,
    rule: str,
    since: date,
    until: date | None,
    show: int,
    folder: Path | None,
    rules_folder: Path | None,
    json_target: str | None,
) -> None:
    """Run rules over stored days; open no incident."""
    settings = settings_of(context, folder, rules_folder)
    with named_rules(settings) as known:
        wanted = rules_called(rule, known)
    with open_platform(settings) as platform:
        days = _days(platform.records.days(), since, until)
        run = dry_run(wanted, _reports(platform, wanted, days, "rules.trying"), show)
        old = changed(wanted, platform.rules.book().rules)
        again = days if old else []
        loaded = dry_run(old, _reports(platform, old, again, "rules.trying_loaded"), show)
        answer = _answer(platform, _Tried(run, loaded, compared(run, loaded)), show)
    if json_target:
        answer_json(answer, json_target)
    else:
        _tell(answer)
    if not run.complete:
        note("rules.incomplete")


def _days(stored: Sequence[date], since: date, until: date | None) -> list[date]:
    if not stored:
        raise NotFoundError("cli.no_records")
    return stored_days(stored, since, until)


def _reports(platform: Platform, wanted: Sequence[Rule], days: Iterable[date], key: str) -> Iterator[ScanReport]:
    scan = platform.scan_with(RuleBook.of(wanted))
    for day in days:
        with progress(key, day=day.isoformat()) as advance:
            report = scan.run(day, progress=advance)
        yield report


def _answer(platform: Platform, tried: _Tried, show: int) -> dict[str, Any]:
    run, differing = tried.run, {one.rule: one for one in tried.differing}
    loaded = {rule.id: rule.version for rule in platform.rules.book().rules}
    return {
        "since": run.days[0].day,
        "until": run.days[-1].day,
        "rules": [
            {
                "rule": rule.id,
                "version": rule.version,
                "loaded_version": loaded.get(rule.id),
                "findings": run.findings(rule.id),
                "cards": len(run.cards[rule.id]),
                "differs": _differs(platform, differing[rule.id], show) if rule.id in differing else None,
            }
            for rule in run.rules
        ],
        "cards": len(run.all_cards),
        "enterprises": _enterprises(platform, run.all_cards),
        "days": [
            {
                "day": one.day,
                "found": one.findings,
                "cards": one.cards,
                "records": one.records,
                "seconds": round(one.seconds, 3),
                "cpu_seconds": round(one.cpu_seconds, 3),
                "complete": one.complete,
            }
            for one in run.days
        ],
        "samples": [_sample(platform, finding) for own in run.samples.values() for finding in own],
        "unjudged": [{"rule": one.rule, "operand": one.operand, "cards": one.cards} for one in run.unjudged],
        "cost": _cost(run),
        "cost_loaded": _cost(tried.loaded) if tried.loaded.rules else None,
    }


def _cost(run: DryRun) -> dict[str, object]:
    return {"seconds": round(run.seconds, 3), "cpu_seconds": round(run.cpu_seconds, 3), "records": run.records}


def _differs(platform: Platform, one: Differing, show: int) -> dict[str, object]:
    return {
        "both": one.both,
        "only_new": len(one.only_tried),
        "only_loaded": len(one.only_loaded),
        "only_new_first": [_iccid(platform, card) for card in sorted(one.only_tried)[:show]],
        "only_loaded_first": [_iccid(platform, card) for card in sorted(one.only_loaded)[:show]],
    }


def _enterprises(platform: Platform, cards: Iterable[CardId]) -> list[dict[str, object]]:
    """The holders of the cards, those with most cards first."""
    held = Counter(holder for holder, _ in platform.registry.owners(sorted(cards)).values())
    known = {one.id: one for one in platform.registry.enterprises(PLATFORM)}
    return [
        {"enterprise": known[holder].code, "name": known[holder].name, "cards": count}
        for holder, count in sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _iccid(platform: Platform, card: CardId) -> str:
    return str(platform.registry.card(PLATFORM, card).iccid)


def _sample(platform: Platform, finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "day": finding.day,
        "iccid": _iccid(platform, finding.card),
        "records": finding.records,
        "measures": [
            {"name": one.name, "observed": one.observed, "limit": one.limit, "origin": one.origin.value}
            for one in finding.measures
        ],
        "why": {tongue: one.why for tongue, one in finding.explanation.items()},
        "evidence": _evidence(platform, finding.evidence),
    }


def _evidence(platform: Platform, records: Sequence[EvidenceRecord]) -> list[dict[str, object]]:
    cells = platform.registry.cell_names([CellId(one.cell) for one in records if one.cell])
    areas = {area.id: area.code for area in platform.registry.areas()}
    return [
        {
            "at": datetime.fromtimestamp(one.ts, UTC).isoformat(),
            "service": Service(one.svc).name.lower(),
            "imei": f"{one.imei:015}" if one.imei else None,
            "peer": one.peer or None,
            "cell": cells[CellId(one.cell)].cgi if one.cell in cells else None,
            "area": areas.get(AreaId(one.area)),
            "up": one.up,
            "dn": one.dn,
            "dur": one.dur,
        }
        for one in records
    ]


def _tell(answer: dict[str, Any]) -> None:
    columns = ["rule", "version", "loaded_version", "findings", "cards"]
    answer_table(columns, [[one[name] for name in columns] for one in answer["rules"]])
    click.echo()
    answer_table(
        ["day", "found", "cards", "records", "seconds", "cpu_seconds"],
        [
            [one["day"], _counts(one["found"]), one["cards"], one["records"], one["seconds"], one["cpu_seconds"]]
            for one in answer["days"]
        ],
    )
    _tell_enterprises(answer["enterprises"])
    for one in answer["samples"]:
        _tell_sample(one)
    for one in answer["rules"]:
        if one["differs"]:
            _tell_differing(one)
        elif one["loaded_version"]:
            click.echo("\n" + told("rules.same", rule=one["rule"], version=one["version"]))
    for one in answer["unjudged"]:
        note("rules.unjudged", **one)
    cost = {"cards": answer["cards"], "enterprises": len(answer["enterprises"]), "days": len(answer["days"])}
    click.echo("\n" + told("rules.tried", **cost, **answer["cost"]))
    if answer["cost_loaded"]:
        click.echo(told("rules.tried_loaded", **answer["cost_loaded"]))


def _tell_enterprises(enterprises: Sequence[dict[str, object]]) -> None:
    if not enterprises:
        return
    click.echo()
    first = enterprises[:_MOST_ENTERPRISES]
    answer_table(["enterprise", "name", "cards"], [list(one.values()) for one in first])
    if len(first) < len(enterprises):
        note("rules.more_enterprises", count=len(enterprises) - len(first))


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{rule} {count}" for rule, count in found.items()) or "0"


def _tell_sample(one: dict[str, Any]) -> None:
    click.echo(f"\n{one['rule']}  {one['day']}  {one['iccid']}  {one['why'][language()]}")
    for measure in one["measures"]:
        origin = words(language(), f"detect.origin.{measure['origin']}")
        shown = told("incidents.observed", observed=measure["observed"], limit=measure["limit"], origin=origin)
        click.echo(f"  {measure['name']}: {shown}")
    for record in one["evidence"]:
        told_of = [record[name] for name in ("at", "service", "imei", "peer", "cell", "area")]
        click.echo("    " + "  ".join(str(part) for part in told_of if part) + f"  ↑{record['up']} ↓{record['dn']}")


def _tell_differing(one: dict[str, Any]) -> None:
    differs = one["differs"]
    click.echo("\n" + told("rules.differs", rule=one["rule"], **{key: differs[key] for key in _COUNTED}))
    for key in ("only_new", "only_loaded"):
        for iccid in differs[f"{key}_first"]:
            click.echo(f"  {'+' if key == 'only_new' else '-'} {iccid}")


_COUNTED = ("both", "only_new", "only_loaded")
