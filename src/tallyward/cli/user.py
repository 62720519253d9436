"""`tallyward user`: who may sign in. Passwords are typed or piped in, never arguments, so no process list shows one."""

import sys
from pathlib import Path

import click

from tallyward.cli import options
from tallyward.cli.root import tallyward
from tallyward.cli.speech import answer_json, answer_table, language, note, told
from tallyward.console.people import NewUser, User
from tallyward.console.roles import Role
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import EnterpriseId
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.settings import read_settings


@tallyward.group("user", help=told("user.help"))
def user() -> None:
    """Name the group."""


@user.command("list", help=told("user.list"))
@options.folder
@options.as_json
def list_users(folder: Path | None, json_target: str | None) -> None:
    """List users, without anything secret."""
    with open_platform(read_settings(home=folder)) as platform:
        codes = {enterprise.id: enterprise.code for enterprise in platform.registry.enterprises(PLATFORM)}
        rows = [_row(one, codes) for one in platform.accounts.users(PLATFORM)]
    if json_target:
        answer_json(rows, json_target)
    else:
        answer_table(["name", "role", "enterprise", "last_sign_in"], [list(row.values()) for row in rows])


def _row(one: User, codes: dict[EnterpriseId, str]) -> dict[str, str | None]:
    last = one.last_sign_in_at.isoformat(timespec="seconds") if one.last_sign_in_at else None
    enterprise = codes.get(one.enterprise) if one.enterprise else None
    return {"name": one.name, "role": one.role.value, "enterprise": enterprise, "last_sign_in": last}


@user.command("add", help=told("user.add"))
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help=told("user.role"))
@click.option("--enterprise", metavar="CODE", help=told("user.enterprise"))
@click.option("--display-name", help=told("user.display_name"))
@options.folder
def add_user(name: str, role: str, enterprise: str | None, display_name: str | None, folder: Path | None) -> None:
    """Add a user and print a one-time password."""
    with open_platform(read_settings(home=folder)) as platform:
        bound = platform.enterprise_by_code(enterprise).id if enterprise else None
        wanted = NewUser(name, display_name or name, Role(role), bound, language())
        _, password = platform.accounts.add_user(PLATFORM, wanted)
    click.echo(told("user.one_time", name=name, password=password))


@user.command("password", help=told("user.password"))
@click.argument("name")
@options.folder
def set_password(name: str, folder: Path | None) -> None:
    """Set a password that is typed twice or piped in."""
    with open_platform(read_settings(home=folder)) as platform:
        _set(platform, name, _ask_password())
    note("user.set", name=name)


def _set(platform: Platform, name: str, password: str) -> None:
    platform.accounts.set_password(PLATFORM, name, password)


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first: str = click.prompt(told("user.ask_password"), hide_input=True, err=True)
    if first != click.prompt(told("user.ask_again"), hide_input=True, err=True):
        raise InvalidError("cli.password_mismatch")
    return first
