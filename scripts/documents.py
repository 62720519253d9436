"""Writes the documents that are made from code, or with --check says which no longer tell the truth.

docs/commands.md        every command's own --help
docs/rules.md           the shipped rules, fields and functions
docs/import-formats.md  the columns of import files
docs/openapi.json       the HTTP API
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["TALLYWARD_LANG"] = "en"

import click

from tallyward.cli import tallyward
from tallyward.console.openapi import openapi_document
from tallyward.detect.cards.rule_document import rules_table
from tallyward.registry.import_document import import_document

ROOT = Path(__file__).resolve().parent.parent


def commands() -> str:
    """Help of every command, depth first, as Markdown."""
    return "# Commands\n\n" + "\n".join(_helps(tallyward, None, "tallyward"))


def _helps(command: click.Command, parent: click.Context | None, name: str) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=name, max_content_width=110, terminal_width=110)
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            yield from _helps(command.commands[child], context, child)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands,
    "docs/rules.md": rules_table,
    "docs/import-formats.md": import_document,
    "docs/openapi.json": lambda: json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n",
}


def main() -> int:
    """Command line: nothing, or --check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if one is out of date")
    stale = 0
    check = parser.parse_args().check
    for name, make in DOCUMENTS.items():
        path, text = ROOT / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"{name} is out of date: run `make docs`", file=sys.stderr)
            stale += 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main())
