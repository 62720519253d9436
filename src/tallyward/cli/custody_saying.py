"""How commands say something on the ledger: signed by a kept key or one in a file, or drafted for others to sign."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tallyward.cli import options
from tallyward.cli.speech import note, told
from tallyward.custody.authority import SIGNS_TOO
from tallyward.custody.codec import MOST_BYTES
from tallyward.custody.entry import body_of, entry_of
from tallyward.custody.forms import SPEAKER
from tallyward.custody.service import Taken
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Transaction
from tallyward.kernel.errors import InvalidError
from tallyward.wiring.custody.ledger import Custody, read_key

Command = TypeVar("Command", bound=Callable[..., object])


def speaking(command: Command) -> Command:
    """Give a command the options of whoever signs: --folder, --key, --draft."""
    path = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--draft", type=path, help=told("custody.draft")),
        click.option("--key", type=path, help=told("custody.key")),
        options.folder,
    ):
        command = option(command)
    return command


def say(
    opened: Custody,
    one: Transaction,
    key: Path | None,
    draft: Path | None,
    *,
    real_name: bool = False,
    votes: bool = False,
) -> Taken | None:
    """Sign and hand in; or write what is to be signed to `draft`, and hand in nothing.

    Signed by the key of the file, else by those that are kept for who must sign. `votes`: by all kept governors' keys.
    """
    ledger = opened.service.machine.id
    if draft is not None:
        write_draft(draft, entry_of(body_of(ledger, one), ()))
        note("custody.drafted", path=str(draft))
        return None
    if key is not None:
        secrets = [read_key(key)]
    elif votes:
        secrets = opened.governors()
    else:
        hands = [SPEAKER[one.kind], *([SIGNS_TOO[one.kind]] if one.kind in SIGNS_TOO else [])]
        secrets = [opened.keys.read(str(getattr(one, hand)), real_name=real_name) for hand in hands]
    taken = opened.service.submit(signed(ledger, one, *secrets))
    told_taken(taken)
    return taken


def told_taken(taken: Taken) -> None:
    """Tell an entry's number and hash: the number on standard error, the hash, which others need, as the answer."""
    note("custody.taken", number=taken.number)
    click.echo(taken.hash.hex())


def write_draft(path: Path, entry: bytes) -> None:
    """Write an entry to a file that people hand on, whether it is signed or not."""
    path.write_text(b64encode(entry).decode() + "\n", encoding="ascii")


def read_draft(path: Path) -> bytes:
    """The entry of such a file; refuses with `cli.no_input` or `cli.draft_form`."""
    try:
        with path.open("rb") as opened:
            return b64decode(opened.read(MOST_BYTES * 2).strip(), validate=True)
    except FileNotFoundError:
        raise InvalidError("cli.no_input", path=str(path)) from None
    except ValueError:
        raise InvalidError("cli.draft_form", path=str(path)) from None
