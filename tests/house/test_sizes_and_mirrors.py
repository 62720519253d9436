"""The house rules that no linter knows: sizes, mirrored tests, names, packages."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tallyward"
MODULES = sorted(SOURCE.rglob("*.py"))
STEPS = SOURCE / "wiring" / "migrations" / "versions"  # lists of tables: long, plain, and never changed
SAYS_NOTHING = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)")
MODULE_LINES, FUNCTION_LINES = 500, 60


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring: words for the reader are no weight."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_there_is_something_to_judge() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_about_one_idea(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    long = [
        f"{node.name} has {lines_of(node)} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines_of(node) > FUNCTION_LINES
        and STEPS not in module.parents
    ]
    assert not long
    assert not SAYS_NOTHING.search(module.stem)


def test_each_source_module_has_its_test_module() -> None:
    without = [
        str(module.relative_to(SOURCE))
        for module in MODULES
        if module.name not in {"__init__.py", "__main__.py"}
        and STEPS not in module.parents
        and not (ROOT / "tests" / module.relative_to(SOURCE).with_name(f"test_{module.name}")).is_file()
    ]
    assert not without


def test_each_folder_of_modules_is_a_package_so_the_import_rules_see_it() -> None:
    folders = {module.parent for module in MODULES}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]
