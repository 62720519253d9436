"""`tallyward custody credit`: how far an organisation of the ledger can be trusted, and why."""

from base64 import b64encode
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import answer_json, language, note, told
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.settings import read_settings


@custody.command("credit", help=told("custody.credit"))
@click.argument("organisation")
@click.option("--as", "asker", required=True, metavar="CODE", help=told("custody.asker"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.statement"))
@options.folder
@options.as_json
def credit(organisation: str, asker: str, out: Path | None, folder: Path | None, json_target: str | None) -> None:
    """Compute it from the ledger's entries; the look-up is noted."""
    with open_custody(read_settings(home=folder)) as opened:
        found, statement = opened.service.credit(asker, organisation)
    if out is not None:
        out.write_bytes(statement)
        note("custody.written", path=str(out))
    if json_target:
        answer_json(
            {
                "organisation": found.organisation,
                "score": found.score,
                "grade": found.grade,
                "interval": [found.low, found.high],
                "entries": found.size,
                "capped_by": found.capped,
                "reasons": [
                    {"code": one.code, "points": one.points, "entries": [lost.entry for lost in one.entries]}
                    for one in found.reasons
                ],
                "statement": b64encode(statement).decode(),
            },
            json_target,
        )
        return
    for sentence in found.explain(language()):
        click.echo(sentence)
