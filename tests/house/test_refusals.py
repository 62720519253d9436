"""Every refusal that the code can make is worded in both catalogues, and no wording is left over."""

import ast
import re
from pathlib import Path

from tallyward.kernel.catalogue import keys

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z]+\.[a-z0-9_]+")
ROOMS = {path.name for path in (ROOT / "src" / "tallyward").iterdir() if path.is_dir()}


def codes_in_source() -> set[str]:
    """All string literals of the source that have the form of a code of one of the rooms."""
    return {
        node.value
        for module in (ROOT / "src" / "tallyward").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
        and node.value.split(".")[0] in ROOMS
    }


def raised_codes() -> set[str]:
    """First arguments of all calls of our error classes."""
    found = set()
    for module in (ROOT / "src" / "tallyward").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name.endswith("Error") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found |= {first.value} if CODE.fullmatch(first.value) else set()
    return found


def worded_codes() -> set[str]:
    """All codes of the catalogue."""
    return {key.removeprefix("error.").rsplit(".", 1)[0] for key in keys("en") if key.startswith("error.")}


def test_each_refusal_is_worded() -> None:
    assert len(raised_codes()) > 5
    assert not raised_codes() - worded_codes()


def test_no_wording_is_left_over() -> None:
    assert not worded_codes() - codes_in_source()
