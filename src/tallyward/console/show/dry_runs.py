"""Dry runs as answers."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import evidence_views, measure_views, whys
from tallyward.console.views.dry_runs import (
    DryRunDetail,
    DryRunResult,
    DryRunRow,
    TriedAgainst,
    TriedBlind,
    TriedCard,
    TriedDay,
    TriedHolder,
    TriedSample,
)
from tallyward.detect.dry_run import Differing, DryRun
from tallyward.detect.dry_runs import Found, Trying
from tallyward.kernel.ids import CardId, EnterpriseId

MOST_CARDS: Final = 200


def dry_run_row(trying: Trying) -> DryRunRow:
    """One dry run as it stands."""
    return DryRunRow(
        id=trying.number,
        rule=trying.rule.id,
        version=trying.rule.version,
        days=list(trying.days),
        author=trying.author,
        started_at=trying.started_at,
        progress=trying.progress.value,
        share=round(trying.share, 4),
        problem=trying.refusal.code if trying.refusal else None,
    )


def dry_run_detail(look_up: LookUp, trying: Trying, holders: Iterable[EnterpriseId]) -> DryRunDetail:
    """One dry run with its result; `holders` are those of the cards it found, one for each card."""
    found = trying.found
    return DryRunDetail(dry_run=dry_run_row(trying), result=_result(look_up, trying, found, holders) if found else None)


def _result(look_up: LookUp, trying: Trying, found: Found, holders: Iterable[EnterpriseId]) -> DryRunResult:
    run, rule = found.run, trying.rule.id
    held = sorted(Counter(holders).items(), key=lambda pair: (-pair[1], pair[0]))
    return DryRunResult(
        cards=len(run.cards[rule]),
        findings=run.findings(rule),
        first_cards=_cards(look_up, run.cards[rule]),
        enterprises=[
            TriedHolder(enterprise=look_up.enterprise(holder), cards=cards) for holder, cards in held[:MOST_CARDS]
        ],
        days=[
            TriedDay(
                day=one.day,
                findings=one.findings.get(rule, 0),
                records=one.records,
                seconds=round(one.seconds, 3),
                cpu_seconds=round(one.cpu_seconds, 3),
                complete=one.complete,
            )
            for one in run.days
        ],
        samples=_samples(look_up, run),
        unjudged=[TriedBlind(operand=one.operand, cards=one.cards) for one in run.unjudged],
        against=_against(look_up, found.differing, found.in_use) if found.differing else None,
        records=run.records,
        seconds=round(run.seconds, 3),
        cpu_seconds=round(run.cpu_seconds, 3),
        complete=run.complete,
    )


def _samples(look_up: LookUp, run: DryRun) -> list[TriedSample]:
    findings = [finding for own in run.samples.values() for finding in own]
    cards = look_up.cards(finding.card for finding in findings)
    return [
        TriedSample(
            day=finding.day,
            card=finding.card,
            iccid=cards[finding.card].iccid,
            records=finding.records,
            explanation=whys(finding.explanation),
            measures=measure_views(finding.measures),
            evidence=list(evidence_views(look_up, finding.evidence)),
        )
        for finding in findings
        if finding.card in cards
    ]


def _against(look_up: LookUp, one: Differing, in_use: DryRun) -> TriedAgainst:
    return TriedAgainst(
        in_use_version=one.loaded_version,
        both=one.both,
        only_new=len(one.only_tried),
        only_in_use=len(one.only_loaded),
        only_new_first=_cards(look_up, one.only_tried),
        only_in_use_first=_cards(look_up, one.only_loaded),
        seconds=round(in_use.seconds, 3),
    )


def _cards(look_up: LookUp, cards: Iterable[CardId]) -> list[TriedCard]:
    first = sorted(cards)[:MOST_CARDS]
    known = look_up.cards(first)
    return [TriedCard(card=card, iccid=known[card].iccid) for card in first if card in known]
