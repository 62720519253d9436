"""The README tells the truth: its commands exist, its links lead somewhere, its tables match the code."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tallyward.cli import tallyward
from tallyward.detect.cards.book import RuleBook

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
LINES = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]


def test_it_fits_on_a_few_screens() -> None:
    assert README.count("\n") <= 120


def test_the_two_commands_come_first_and_continuous_integration_runs_them() -> None:
    assert LINES[:2] == ["make demo", "make test"]
    ran = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert {"make demo", "make test", "make check"} <= set(ran)


def test_each_make_target_that_any_document_names_exists() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))
        assert named <= TARGETS, document.name


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("tallyward")])
def test_each_command_with_its_options_exists(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = tallyward
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"])
def test_each_link_and_picture_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


def test_the_table_of_rules_is_the_rule_book() -> None:
    told = set(re.findall(r"^\| (R[0-9]+) \|", README, re.MULTILINE))
    assert told - {"R0"} == {rule.id for rule in RuleBook.load().rules}


def test_the_rooms_in_the_architecture_are_the_rooms() -> None:
    rooms = {path.name for path in (ROOT / "src" / "tallyward").iterdir() if (path / "__init__.py").is_file()}
    told = re.findall(r"^\| `([a-z]+)` \|", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(told) == rooms
