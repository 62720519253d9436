import os
from pathlib import Path

import pytest

from tallyward.kernel.errors import InvalidError, TallywardError
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.columns import Kind

HEADER = b"code,name,kind\n"
CHINESE = "a,华讯,operator\nb,清禾水务,industry_user\n"
WRONG = {
    "file_empty": b"",
    "file_binary": HEADER + b"a,\x00,vendor\n",
    "file_utf16": ("code,name,kind\n" + CHINESE).encode("utf-16"),
    "file_gbk": HEADER + CHINESE.encode("gbk"),
    "file_packed": b"PK\x03\x04rest of a sheet",
    "file_parquet": b"PAR1 and no more",
    "file_header": b"a,A,vendor\n",
    "file_columns": b"code,title,kind\na,A,vendor\n",
}


def refusal_of(path: Path) -> TallywardError:
    """Why a file is refused."""
    with pytest.raises(TallywardError) as refusal:
        open_table(Kind.ENTERPRISES, path)
    return refusal.value


@pytest.mark.parametrize("reason", WRONG)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, reason: str) -> None:
    file = tmp_path / "enterprises.csv"
    file.write_bytes(WRONG[reason])
    refusal = refusal_of(file)
    assert refusal.code == f"registry.{reason}"
    for sentence in (refusal.sentence("en"), refusal.sentence("zh-CN"), refusal.next_step("zh-CN")):
        assert "{" not in sentence


def test_gbk_is_told_wherever_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "enterprises.csv"
    with file.open("wb") as out:
        out.write(HEADER + b"plain,Plain,vendor\n" * 300_000)
        out.write(CHINESE.encode("gbk"))
    assert refusal_of(file).code == "registry.file_gbk"


def test_a_few_bad_lines_are_no_reason(tmp_path: Path) -> None:
    file = tmp_path / "enterprises.csv"
    file.write_bytes(HEADER + CHINESE.encode() + "c,丙,vendor\n".encode("gbk"))
    assert open_table(Kind.ENTERPRISES, file).total == file.stat().st_size


def test_what_is_missing_and_what_is_unknown_is_named(tmp_path: Path) -> None:
    file = tmp_path / "enterprises.csv"
    file.write_bytes(b"code,code,kind,colour\n")
    parameters = refusal_of(file).parameters
    assert (parameters["missing"], parameters["unknown"]) == ("name", "code, colour")


def test_files_of_zeros_are_refused_without_reading_them(tmp_path: Path) -> None:
    for size, code in ((1 << 30, "registry.file_binary"), (9 << 30, "registry.file_too_large")):
        file = tmp_path / "zeros.csv"
        with file.open("wb") as out:
            out.truncate(size)
        before = os.times()
        assert refusal_of(file).code == code
        assert os.times().user + os.times().system - before.user - before.system < 1


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "nothing.csv").code == "registry.file_missing"
    assert isinstance(refusal_of(tmp_path), InvalidError)


def test_a_text_of_one_endless_line_is_told_as_that(tmp_path: Path) -> None:
    file = tmp_path / "enterprises.csv"
    file.write_bytes(b"a" * (5 << 20))
    refusal = refusal_of(file)
    assert (refusal.code, refusal.parameters["line"]) == ("registry.file_line", 1)
