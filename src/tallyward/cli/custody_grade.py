"""`tallyward custody grade`: which grades of credit the ledger should have, and setting them."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody
from tallyward.cli.speech import answer_json, answer_table, note, refuse, told
from tallyward.custody.credit_grades import Grade, to_be_set
from tallyward.custody.signing import signed
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.ledger import Custody, open_custody, read_key
from tallyward.wiring.settings import read_settings


@custody.command("grade", help=told("custody_grade.help"))
@click.option("--as", "by", metavar="CODE", help=told("custody_grade.as"))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help=told("custody.key"))
@options.folder
@options.as_json
def grade(by: str | None, key: Path | None, folder: Path | None, json_target: str | None) -> None:
    """Compute grades and quotas, show what is set, and set those that differ; exit code 1 where it was refused."""
    with open_custody(read_settings(home=folder)) as opened:
        found = opened.service.grades()
        refused = _set(opened, by, key, found) if by else []
    if json_target:
        answer_json([_row(one) for one in found], json_target)
    else:
        answer_table(
            ["member", "grade", "quota", "grade_set", "quota_set", "differs"],
            [
                list((_row(one) | {"differs": told("custody_grade.yes") if one.differs else None}).values())
                for one in found
            ],
        )
    for one in refused:
        refuse(one)
    if refused:
        raise click.exceptions.Exit(1)


def _set(opened: Custody, by: str, key: Path | None, found: list[Grade]) -> list[TallywardError]:
    """Say the grades that differ, all at once; what the ledger refused."""
    said = to_be_set(by, found)
    if not said:
        note("custody_grade.nothing")
        return []
    ledger, secret = opened.service.ledger, read_key(key) if key else opened.keys.read(by)
    answers = ledger.submit([signed(ledger.machine.id, one, secret) for one in said])
    refused = [one for one in answers if isinstance(one, TallywardError)]
    note("custody_grade.set", grades=len(said) - len(refused))
    return refused


def _row(one: Grade) -> dict[str, object]:
    return {
        "member": one.member,
        "grade": one.grade,
        "quota": one.quota,
        "grade_set": one.set.grade if one.set else None,
        "quota_set": one.set.quota if one.set else None,
        "differs": one.differs,
    }
