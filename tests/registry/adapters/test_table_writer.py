from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.errors import UnavailableError
from tallyward.registry.adapters.table_writer import write_table
from tallyward.registry.columns import Kind

SOME = pa.table({"code": ["a"], "name": ["A, the first"]})


def test_the_name_says_which_format(tmp_path: Path) -> None:
    assert write_table(Kind.ENTERPRISES, tmp_path / "out.csv", iter([SOME.slice(1), SOME, SOME])) == 2
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("A, the first") == 2
    assert write_table(Kind.ENTERPRISES, tmp_path / "out.PARQUET", iter([SOME.slice(1), SOME])) == 1
    assert pq.read_table(tmp_path / "out.PARQUET").num_rows == 1


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before", encoding="utf-8")

    def breaking() -> Iterator[pa.Table]:
        yield SOME
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        write_table(Kind.ENTERPRISES, file, breaking())
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert file.read_text(encoding="utf-8") == "before"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"registry\.file_unwritable"):
        write_table(Kind.ENTERPRISES, tmp_path / "nowhere" / "out.csv", iter([SOME]))
