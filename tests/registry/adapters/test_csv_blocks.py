from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyward.kernel.errors import InvalidError
from tallyward.registry.adapters import csv_blocks
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.columns import Kind

LINES = {
    "good": ("a,A,vendor", True),
    "quoted": ('b,"B, the second",vendor', True),
    "blank": ("", False),
    "commas": (",,", False),
    "few": ("c,C", False),
    "many": ("c,C,vendor,d", False),
    "quote": ('d,"D,vendor', False),
    "chinese": ("e,戊,vendor", True),
}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(LINES)), max_size=40), st.integers(20, 200), st.sampled_from(["\n", "\r\n"]))
def test_each_row_has_its_line_however_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], block: int, end: str
) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", block)
    file = tmp_path / "file.csv"
    file.write_bytes(end.join(["\ufeffname,code,kind", *(LINES[name][0] for name in names)]).encode())
    taken: list[int] = []
    told: list[int] = []
    done = 0
    for done, rows, problems in open_table(Kind.ENTERPRISES, file).blocks():  # noqa: B007 - the last one counts
        taken += rows.lines.tolist()
        told += [problem.line for problem in problems]
    assert taken == [at for at, name in enumerate(names, start=2) if LINES[name][1]]
    assert sorted(told) == [at for at, name in enumerate(names, start=2) if name in {"few", "many", "quote"}]
    assert done in {0, file.stat().st_size}


def test_cells_stand_under_their_header_whatever_its_order(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text(' KIND ,code,name\nvendor,v,"The ""V"""\n', encoding="utf-8")
    ((_, block, problems),) = open_table(Kind.ENTERPRISES, file).blocks()
    assert {name: values.to_pylist() for name, values in block.texts.items()} == {
        "code": ["v"],
        "name": ['The "V"'],
        "kind": ["vendor"],
        "area": [None],
    }
    assert problems == []


def test_a_line_without_end_is_refused_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 64)
    monkeypatch.setattr(csv_blocks, "LONGEST_LINE", 100)
    file = tmp_path / "file.csv"
    file.write_text("code,name,kind\na,A,vendor\n" + "x" * 1000, encoding="utf-8")
    with pytest.raises(InvalidError, match=r"registry\.file_line") as refusal:
        list(open_table(Kind.ENTERPRISES, file).blocks())
    assert refusal.value.parameters["line"] == 3
