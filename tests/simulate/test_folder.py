import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from tallyward.simulate.folder import simulate_fleet
from tests.simulate.naive_files import judged, records_in

RULES = {"R0.unknown_card", "R0.unknown_cell", "R1", "R2", "R3", "R4", "R5", "R6", "R7"}


def _simulate(folder: Path, cards: int, terminals: int, seed: int) -> set[tuple[str, str, str]]:
    truth = simulate_fleet(folder, cards=cards, terminals=terminals, seed=seed, day=date(2026, 3, 2))
    assert set(truth.planted) == RULES
    assert all(count >= 3 for count in truth.planted.values())
    assert sum(truth.planted.values()) == len(truth.hits)
    return {(hit.rule, hit.kind, hit.number) for hit in truth.hits}


@pytest.mark.parametrize(
    ("cards", "terminals", "seed"), [(100, 10, 8), (200, 60, 1), (200, 400, 2), (2_000, 500, 3), (4_000, 4_000, 4)]
)
def test_truth_is_what_the_rules_say_of_the_files(tmp_path: Path, cards: int, terminals: int, seed: int) -> None:
    assert _simulate(tmp_path, cards, terminals, seed) == judged(tmp_path)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        _simulate(tmp_path / name, 300, 200, seed)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    assert _files(tmp_path / "one") != _files(tmp_path / "other")


def test_the_folder_holds_registry_records_and_truth(tmp_path: Path) -> None:
    _simulate(tmp_path, 200, 100, 9)
    kinds = {"enterprises", "classes", "areas", "cells", "group_lists", "terminals", "cards", "bindings"}
    assert {path.stem for path in (tmp_path / "registry").iterdir()} == kinds
    assert len(list((tmp_path / "records").iterdir())) == 25
    assert 1500 < len(records_in(tmp_path)) < 3000
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert set(told) == {"planted", "hits"}
    assert {"rule", "kind", "number"} == set(told["hits"][0])


def test_a_seed_gives_the_fleet_it_has_always_given(tmp_path: Path) -> None:
    """Another machine, another processor, another release of numpy: the same bytes. Change the digest with the fleet."""
    _simulate(tmp_path, 100, 60, 1)
    digest = hashlib.sha256()
    for name, data in sorted(_files(tmp_path).items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    assert digest.hexdigest() == "d32f3f1fe9ddcaf03deb23c13d687113812d656ef74d4932dec62cf9058e866f"
