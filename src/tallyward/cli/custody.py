"""`tallyward custody`: the card ledger. Its first entry, its members, and how it stands."""

from datetime import UTC, datetime
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody_saying import say, speaking
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, note, told
from tallyward.custody.authority import MEMBER_KINDS, Purpose
from tallyward.custody.circulation_rules import SHIPPED, load, shipped
from tallyward.custody.fields import Member, Rules
from tallyward.custody.stock_duty import duties
from tallyward.custody.transactions import MemberAdd
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody.ledger import Custody, Founder, KeyRing, begin_custody, custody_folder, open_custody
from tallyward.wiring.settings import read_settings

_MOST_RULES = 100_000
_FOUNDER = told("custody.founder")
_OLD = -2  # the last two ages of `overview.AGES`: 90 days and more


@tallyward.group("custody", help=told("custody.help"))
def custody() -> None:
    """Name the group."""


@custody.command("begin", help=told("custody.begin"))
@click.option("--origin", required=True, metavar="NAME", help=told("custody.origin"))
@click.option("--operator", "operators", metavar="CODE=NAME", multiple=True, required=True, help=_FOUNDER)
@click.option("--regulator", "regulators", metavar="CODE=NAME", multiple=True, help=_FOUNDER)
@click.option("--rules", "rules", metavar="NAME|FILE", multiple=True, default=SHIPPED, help=told("custody.rules"))
@options.folder
def begin(
    origin: str, operators: tuple[str, ...], regulators: tuple[str, ...], rules: tuple[str, ...], folder: Path | None
) -> None:
    """Begin a ledger with its governors."""
    founders = [_founder(one, "operator") for one in operators] + [_founder(one, "regulator") for one in regulators]
    settings = read_settings(home=folder)
    log = begin_custody(settings, origin, founders, tuple(rules_named(one) for one in rules))
    note("custody.begun", folder=str(custody_folder(settings)))
    click.echo(log.text())


@custody.command("member", help=told("custody.member"))
@click.argument("code")
@click.option("--kind", type=click.Choice(MEMBER_KINDS), required=True, help=told("custody.kind"))
@click.option("--name", required=True, help=told("custody.name"))
@click.option("--public", "public", metavar="KEY", help=told("custody.public"))
@speaking
def member(
    code: str, kind: str, name: str, public: str | None, folder: Path | None, key: Path | None, draft: Path | None
) -> None:
    """Take an organisation in."""
    with open_custody(read_settings(home=folder)) as opened:
        purposes = Purpose.MONITOR if kind == "monitor" else Purpose.TRADE
        keys = [_key(opened.keys, code, public, purposes, real_name=False)]
        if kind == "operator" and public is None:
            keys.append(_key(opened.keys, code, None, Purpose.REAL_NAME, real_name=True))
        one = MemberAdd(Member(code, kind, name, tuple(keys)), opened.service.state.turn)
        say(opened, one, key, draft, votes=True)


@custody.command("show", help=told("custody.show"))
@options.folder
@options.as_json
def show(folder: Path | None, json_target: str | None) -> None:
    """Tell how the ledger stands."""
    with open_custody(read_settings(home=folder)) as opened:
        found = _standing(opened)
    if json_target:
        answer_json(found, json_target)
        return
    note("custody.standing", **{name: str(found[name]) for name in ("origin", "entries", "blocks", "log_key")})
    for table in ("members", "lots", "offers", "requests"):
        rows = found[table]
        if isinstance(rows, list) and rows:
            click.echo(click.style(told(f"custody.table.{table}"), bold=True))
            answer_table([*rows[0]], [[_cell(cell) for cell in row.values()] for row in rows])


def _standing(opened: Custody) -> dict[str, object]:
    service = opened.service
    machine = service.machine
    due = {one.member: one.due for one in duties(machine.state, machine.times)}
    return {
        "origin": machine.origin,
        "entries": machine.size,
        "blocks": machine.height,
        "log_key": opened.log.text(),
        "members": [
            {
                "member": one.id,
                "kind": one.kind,
                "name": one.name,
                "stock": one.stock,
                "old_stock": sum(one.by_age[_OLD:]),
                "report_due": _day(due.get(one.id)),
            }
            for one in service.members()
        ],
        "lots": [
            {
                "lot": one.id,
                "operator": one.operator,
                "cards": one.cards,
                "product": one.product,
                "rules": one.rules,
                "states": {state.name: cards for state, cards in one.by_state},
            }
            for one in service.lots()
        ],
        "offers": [
            {"offer": one.hash.hex(), "seller": one.seller, "buyer": one.buyer, "cards": one.cards, "parts": one.parts}
            for one in service.offers()
        ],
        "requests": [
            {"request": one.hash.hex(), "shop": one.shop, "cards": one.cards, "approved": one.approved}
            for one in service.requests()
        ],
    }


def _day(time: int | None) -> str | None:
    return None if time is None else f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    if isinstance(value, tuple):
        return ", ".join(f"{lot}:{start}-{end - 1}" for lot, start, end in value)
    return value


def _founder(text: str, kind: str) -> Founder:
    code, _, name = text.partition("=")
    return Founder(code, kind, name or code)


def _key(ring: KeyRing, code: str, public: str | None, purposes: Purpose, *, real_name: bool) -> tuple[bytes, int]:
    """A key of the member's own, or one that the platform keeps for it."""
    if public is None:
        return bytes(ring.make(code, real_name=real_name).verify_key), int(purposes | Purpose.HOSTED)
    return public_key(public), int(purposes)


def public_key(text: str) -> bytes:
    """A public key in hex; refuses with `cli.public_key_form`."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidError("cli.public_key_form", key=text[:80]) from None


def rules_named(text: str) -> Rules:
    """A set of circulation rules that comes along, or that of a TOML file."""
    if text in SHIPPED:
        return shipped(text)
    path = Path(text)
    with path.open("rb") as opened:
        return load(opened.read(_MOST_RULES).decode("utf-8", "replace"), path.name)
