"""Circulation rules as people write them: TOML files that become signed data of a ledger.

A ledger follows no file: what is loaded here is put into its first entry or a decision of its governors. Two sets come
with the program, `cn-2019-chain` (the white paper) and `cn-2022` (the law in force); `policies/` tells the sources.
"""

import tomllib
from importlib.resources import files
from typing import Any, Final, NoReturn, cast

from tallyward.custody.codec import Item, MalformedError
from tallyward.custody.fields import ANY, DeviceTie, Rules, rules
from tallyward.custody.report_rows import GRADES
from tallyward.kernel.errors import InvalidError

SHIPPED: Final = ("cn-2019-chain", "cn-2022")
"""The sets that come with the program."""
_SECTIONS: Final = {
    "sale": ("pairs", "inside_devices", "most_hops", "transit_seconds"),
    "activation": ("asking", "person_cards"),
    "device": ("tie", "binding"),
    "stock": ("report_every_seconds",),
    "quota": (*GRADES, "none"),
}


def shipped(name: str) -> Rules:
    """A set that comes with the program."""
    source = files("tallyward.custody").joinpath("policies", f"{name}.toml")
    return load(source.read_text(encoding="utf-8"), f"{name}.toml")


def load(text: str, file: str, since: int = 0) -> Rules:
    """Rules of a TOML file, in force from block `since` on; `custody.rules_unreadable` names what is wrong with it."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _refuse(file, str(error))
    sections = _sections(told, file)
    sale, activation, device, quota = (sections[name] for name in ("sale", "activation", "device", "quota"))
    if device["tie"] not in [*_TIES]:
        _refuse(file, f"device.tie is none of {', '.join(_TIES)}")
    row = [
        told["id"],
        sale["pairs"],
        activation["asking"],
        _number(sale["most_hops"]),
        _number(activation["person_cards"]),
        device["binding"],
        sale["inside_devices"],
        _TIES[device["tie"]],
        _number(sale["transit_seconds"]),
        sections["stock"]["report_every_seconds"],
        [_number(quota[grade]) for grade in _SECTIONS["quota"]],
        since,
    ]
    try:
        return rules(cast("Item", row))
    except MalformedError as error:
        _refuse(file, str(error))


_TIES: Final = {tie.name.lower(): int(tie) for tie in DeviceTie}


def _sections(told: dict[str, Any], file: str) -> dict[str, dict[str, Any]]:
    """The sections, each with all its keys and no other: a misspelt rule would be no rule."""
    _exactly(told, ("id", *_SECTIONS), file, "")
    for name, keys in _SECTIONS.items():
        if not isinstance(told[name], dict):
            _refuse(file, f"{name} is no section")
        _exactly(told[name], keys, file, f"{name}.")
    return told


def _exactly(table: dict[str, Any], keys: tuple[str, ...], file: str, where: str) -> None:
    for key in keys:
        if key not in table:
            _refuse(file, f"{where}{key} is missing")
    for key in table:
        if key not in keys:
            _refuse(file, f"{where}{key} is not known")


def _number(value: object) -> object:
    """A limit; the word for none."""
    return ANY if value == "any" else value


def _refuse(file: str, problem: str) -> NoReturn:
    raise InvalidError("custody.rules_unreadable", file=file, problem=problem)
