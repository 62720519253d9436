"""`tallyward custody node`: an organisation's own node of a ledger that several organisations agree on."""

from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.custody import custody, public_key, rules_named
from tallyward.cli.custody_saying import read_draft, say, speaking, write_draft
from tallyward.cli.speech import answer_json, answer_table, note, told
from tallyward.custody.authority import Purpose
from tallyward.custody.circulation_rules import SHIPPED
from tallyward.custody.node_line import parse_line, parse_lines
from tallyward.custody.transactions import KeyAdd
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.custody.node import (
    FirstEntry,
    NodeStanding,
    OwnFounder,
    begin_node,
    draft_first,
    make_node,
    node_standing,
    read_first,
    running_node,
)
from tallyward.wiring.settings import read_settings
from tallyward.wiring.signals import stop_signals

_LOOK_SECONDS = 0.5
_MOST_LINES = 100_000
_home = click.argument("home", metavar="NODE", type=click.Path(path_type=Path, file_okay=False))
_file = click.Path(path_type=Path, dir_okay=False)


@custody.group("node", help=told("custody_node.help"))
def node() -> None:
    """Name the group."""


@node.command("make", help=told("custody_node.make"))
@_home
@click.option("--member", required=True, metavar="CODE", help=told("custody_node.member"))
@click.option("--address", default="127.0.0.1:26656", show_default=True, help=told("custody_node.address"))
@click.option("--rpc", type=click.IntRange(1, 65535), default=26657, show_default=True, help=told("custody_node.rpc"))
def make(home: Path, member: str, address: str, rpc: int) -> None:
    """Make a home with fresh keys; the line that others need is the answer."""
    click.echo(make_node(home, member, address, rpc).text())


@node.command("draft", help=told("custody_node.draft"))
@click.argument("draft", type=_file)
@click.option("--origin", required=True, metavar="NAME", help=told("custody.origin"))
@click.option(
    "--operator", "operators", metavar="CODE=NAME", multiple=True, required=True, help=told("custody.founder")
)
@click.option("--regulator", "regulators", metavar="CODE=NAME", multiple=True, help=told("custody.founder"))
@click.option("--public", "publics", metavar="CODE=KEY", multiple=True, required=True, help=told("custody_node.public"))
@click.option("--real-name", "real_names", metavar="CODE=KEY", multiple=True, help=told("custody_node.real_name"))
@click.option("--lines", type=_file, required=True, help=told("custody_node.lines"))
@click.option("--rules", "rules", metavar="NAME|FILE", multiple=True, default=SHIPPED, help=told("custody.rules"))
def draft(
    draft: Path,
    origin: str,
    operators: tuple[str, ...],
    regulators: tuple[str, ...],
    publics: tuple[str, ...],
    real_names: tuple[str, ...],
    lines: Path,
    rules: tuple[str, ...],
) -> None:
    """Write a ledger's first entry for its governors to sign."""
    keys, approving = _keys(publics), _keys(real_names)
    founders = []
    for kind, words in (("operator", operators), ("regulator", regulators)):
        for one in words:
            code, _, name = one.partition("=")
            if code not in keys:
                raise InvalidError("cli.founder_key", member=code)
            founders.append(OwnFounder(code, kind, name or code, keys[code], approving.get(code)))
    entry = draft_first(origin, founders, parse_lines(_lines(lines)), tuple(rules_named(one) for one in rules))
    write_draft(draft, entry)
    note("custody_node.drafted", path=str(draft))
    _tell_first(read_first(entry))


@node.command("read", help=told("custody_node.read"))
@click.argument("draft", type=_file)
def read(draft: Path) -> None:
    """Tell what a first entry says; its ledger's id is the answer."""
    found = read_first(read_draft(draft))
    _tell_first(found)
    click.echo(found.ledger)


@node.command("begin", help=told("custody_node.begin"))
@_home
@click.argument("first", type=_file)
def begin(home: Path, first: Path) -> None:
    """Let a node belong to a ledger; the ledger's id is the answer."""
    entry = read_draft(first)
    note("custody_node.votes" if begin_node(home, entry) else "custody_node.follows")
    click.echo(read_first(entry).ledger)


@node.command("run", help=told("custody_node.run"))
@_home
@click.option("--peer", "peers", metavar="ID@HOST:PORT", multiple=True, help=told("custody_node.peer"))
@click.option("--peers", "lines", type=_file, help=told("custody_node.peers"))
@click.option("--listen", metavar="HOST:PORT", help=told("custody_node.listen"))
def run(home: Path, peers: tuple[str, ...], lines: Path | None, listen: str | None) -> None:
    """Run until Ctrl-C or SIGTERM, or until one of its processes ends."""
    others = [one.peer for one in parse_lines(_lines(lines))] if lines else []
    note("custody_node.starting", folder=str(home))
    with stop_signals() as stop, running_node(home, [*peers, *others], listen) as running:
        note("custody_node.running", member=running.seat.name, address=f"http://{running.seat.address}")
        while not stop.wait(_LOOK_SECONDS):
            running.check()
        note("custody_node.stopping")


@node.command("status", help=told("custody_node.status"))
@_home
@options.as_json
def status(home: Path, json_target: str | None) -> None:
    """Tell how the node and the validators do."""
    found = node_standing(home)
    if json_target:
        answer_json(_as_json(found), json_target)
        return
    seen = found.seen
    note("custody_node.line", line=found.line.text())
    note("custody_node.log_key", key=found.log_key)
    note("custody_node.seen", height=seen.height, entries=seen.entries, peers=seen.peers, blocks=seen.blocks)
    if seen.behind:
        note("custody_node.behind")
    answer_table(
        ["member", "power", "last_block", "missed"],
        [
            [one.member, one.power, told("custody_node.signed" if one.signed else "custody_node.unsigned"), one.missed]
            for one in seen.votes
        ],
    )


@node.command("admit", help=told("custody_node.admit"))
@click.argument("line")
@speaking
def admit(line: str, folder: Path | None, key: Path | None, draft: Path | None) -> None:
    """Let a member's node vote, by the governors' decision."""
    found = parse_line(line)
    with open_custody(read_settings(home=folder)) as opened:
        one = KeyAdd(found.member, found.vote, int(Purpose.VALIDATE), None, opened.service.state.turn)
        say(opened, one, key, draft, votes=True)


def _keys(words: tuple[str, ...]) -> dict[str, bytes]:
    return {code: public_key(key) for code, _, key in (one.partition("=") for one in words)}


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise InvalidError("cli.no_input", path=str(path))
    with path.open("rb") as opened:
        return opened.read(_MOST_LINES).decode("utf-8", "replace").splitlines()


def _tell_first(found: FirstEntry) -> None:
    note("custody_node.first", origin=found.origin, ledger=found.ledger)
    rows = [
        [one.id, one.kind, one.name, public.hex(), ", ".join(each.name or "" for each in Purpose(purposes))]
        for one in found.members
        for public, purposes in one.keys
    ]
    answer_table(["member", "kind", "name", "key", "purposes"], rows, err=True)
    if found.missing:
        note("custody_node.missing", members=", ".join(found.missing))


def _as_json(found: NodeStanding) -> dict[str, object]:
    seen = found.seen
    return {
        "line": found.line.text(),
        "log_key": found.log_key,
        "height": seen.height,
        "time": seen.time,
        "behind": seen.behind,
        "peers": seen.peers,
        "entries": seen.entries,
        "root": seen.root,
        "blocks": seen.blocks,
        "validators": [
            {
                "member": one.member,
                "key": one.public.hex(),
                "power": one.power,
                "signed": one.signed,
                "missed": one.missed,
            }
            for one in seen.votes
        ],
    }
