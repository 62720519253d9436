"""One file of each format, kept as octets: what they give must not change without somebody seeing it."""

import json

import pytest

from tests.records.golden_files import FOLDER, golden_files, read_golden

NAMES = [name for name in golden_files() if not name.endswith(".yaml")]


def test_the_files_are_what_the_writers_write() -> None:
    written = golden_files()
    kept = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix != ".json"}
    assert kept == written
    assert {path.name.removesuffix(".json") for path in FOLDER.glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_they_give_what_was_agreed(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert read_golden(name, (FOLDER / name).read_bytes()) == expected
    assert expected["rows"]
    assert expected["aside"]
