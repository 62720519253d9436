"""`tallyward custody trace`, `receipt`, `verify`: where a card has been, and proof of it."""

import io
from datetime import UTC, datetime
from pathlib import Path

import click
import segno

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import answer_json, answer_table, language, note, told, working
from tallyward.custody import checkpoint
from tallyward.custody.audit import Fault, Found, audit
from tallyward.custody.carton import to_qr
from tallyward.custody.codec import MalformedError
from tallyward.custody.trace import Trace
from tallyward.kernel.catalogue import words
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody.ledger import open_custody, open_custody_bytes
from tallyward.wiring.settings import read_settings

_FAULT_CODES = {fault: 20 + at for at, fault in enumerate(Fault)}
"""The exit code of each fault, so that a script knows which it was; of several the first's."""
_MOST_NOTE = 64_000


@custody.command("trace", help=told("custody.trace"))
@click.argument("card")
@options.folder
@options.as_json
def trace(card: str, folder: Path | None, json_target: str | None) -> None:
    """Tell a card's way."""
    with open_custody(read_settings(home=folder)) as opened:
        found = opened.service.trace(card)
    if json_target:
        answer_json(_as_json(found), json_target)
        return
    note("custody.of_card", number=found.number or "?", lot=found.lot, slot=found.slot, operator=found.operator)
    answer_table(
        ["since", "state", "holder", "days", "kind", "signed_by", "entry"],
        [
            [
                f"{datetime.fromtimestamp(step.link.since, UTC):%Y-%m-%d %H:%M}",
                words(language(), f"custody.state.{step.link.state.name}"),
                step.link.holder,
                f"{step.link.dwell / 86_400:.1f}",
                step.kind.name,
                ", ".join(f"{one.member}{told('custody.hosted') if one.hosted else ''}" for one in step.signers),
                step.link.entry,
            ]
            for step in found.steps
        ],
    )


@custody.command("receipt", help=told("custody.receipt"))
@click.argument("entry", type=click.IntRange(0))
@click.option("--carton", is_flag=True, help=told("custody.carton"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.out"))
@click.option("--qr", "picture", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.qr"))
@options.folder
def receipt(entry: int, carton: bool, out: Path | None, picture: Path | None, folder: Path | None) -> None:
    """Write the proof of an entry."""
    with open_custody(read_settings(home=folder)) as opened:
        service = opened.service
        text = service.carton(entry).text() if carton else service.receipt(entry).text()
    if picture is not None:
        made = io.BytesIO()
        kind = picture.suffix.removeprefix(".").lower()
        if kind not in {"svg", "png"}:
            raise InvalidError("cli.picture_form", path=str(picture))
        segno.make(to_qr(text), error="l", micro=False).save(made, kind=kind, scale=3)
        picture.write_bytes(made.getvalue())
        note("custody.written", path=str(picture))
    if out is not None:
        out.write_text(text, encoding="utf-8", newline="")
        note("custody.written", path=str(out))
    if not (out or picture):
        click.echo(text, nl=False)


@custody.command("verify", help=told("custody.verify"))
@click.option("--head", "heads", multiple=True, type=click.Path(path_type=Path, exists=True), help=told("custody.head"))
@click.option("--quick", is_flag=True, help=told("custody.quick"))
@options.folder
@options.as_json
def verify(heads: tuple[Path, ...], quick: bool, folder: Path | None, json_target: str | None) -> int:
    """Check the whole ledger; exit code 0, or that of the first fault."""
    with open_custody_bytes(read_settings(home=folder)) as (stored, key), working():
        structure = stored.structure()
        found, entries = audit(stored, key, [_head(path) for path in heads], rules=not quick)
    if json_target:
        answer = {
            "entries": entries,
            "structure": structure,
            "faults": [{"fault": one.fault.value, "at": one.at, "why": one.why} for one in found],
        }
        answer_json(answer, json_target)
    else:
        _tell(found, entries, structure)
    if found:
        return _FAULT_CODES[found[0].fault]
    return 1 if structure else 0


def _tell(found: list[Found], entries: int, structure: str | None) -> None:
    if structure:
        click.echo(told("custody.structure", problem=structure[:200]))
    for one in found:
        click.echo(told(f"custody.fault.{one.fault.value}", at=one.at, why=one.why))
    if not found and not structure:
        click.echo(told("custody.sound", entries=entries))


def _head(path: Path) -> checkpoint.SignedCheckpoint:
    """A head that somebody kept: a witness's note, or the end of a receipt."""
    with path.open("rb") as opened:
        text = opened.read(_MOST_NOTE).decode("utf-8", "replace")
    for part in (text, text.partition("\n\n")[2]):
        try:
            return checkpoint.parse(part)
        except MalformedError:
            continue
    raise InvalidError("cli.no_head", path=str(path))


def _as_json(found: Trace) -> dict[str, object]:
    return {
        "number": found.number,
        "lot": found.lot,
        "slot": found.slot,
        "operator": found.operator,
        "product": found.product,
        "hops": found.hops,
        "steps": [
            {
                "since": step.link.since,
                "state": step.link.state.name,
                "holder": step.link.holder,
                "dwell_seconds": step.link.dwell,
                "kind": step.kind.name,
                "entry": step.link.entry,
                "hash": step.entry_hash,
                "signed_by": [
                    {"member": one.member, "key": one.key, "hosted": one.hosted, "ended": one.gone}
                    for one in step.signers
                ],
            }
            for step in found.steps
        ],
    }
