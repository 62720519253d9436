import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tests.records.decode.cdr_writer import pgw

Answer = Callable[..., Any]


def test_the_same_files_twice_change_nothing(home: Path, handed_over: Path, answer: Answer) -> None:
    (cards,) = answer("import", "cards", str(handed_over / "registry" / "cards.csv"), "--folder", str(home))
    assert (cards["added"], cards["changed"], cards["rejected"]) == (0, 0, 0)
    assert cards["unchanged"] == 300
    file = min((handed_over / "records").glob("*.csv"))
    (records,) = answer("import", "records", str(file), "--folder", str(home), "--source", "msc")
    assert records["duplicate"]


def test_a_bad_row_is_told_with_line_and_field_and_the_rest_is_taken(
    home: Path, handed_over: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (handed_over / "registry" / "terminals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:3]
    for number, row in enumerate(rows):
        row["serial"] = f"new-{number}"
        row["imei"] = ""
        row["gateway"] = ""
    rows[1]["usage"] = "spaceship"
    bad = tmp_path / "bad.csv"
    with bad.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run(["import", "terminals", str(bad), "--folder", str(home)]) == 1
    out, err = capsys.readouterr()
    assert "line 3, usage" in err
    assert out.split()[-4:] == ["2", "0", "0", "1"]


def test_a_missing_file_is_refused_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "cards", str(tmp_path / "none.csv"), "--folder", str(tmp_path / "home")]) == 4
    assert "cli.no_input" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_records_need_an_operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text("imsi\n")
    assert run(["import", "records", str(tmp_path / "x.csv"), "--folder", str(tmp_path / "home")]) == 2
    assert "--operator" in capsys.readouterr().err
    options = ["--folder", str(tmp_path / "home"), "--operator", "none"]
    assert run(["import", "records", str(tmp_path / "x.csv"), *options]) == 4
    assert "wiring.no_enterprise" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_exported_imports_as_unchanged(home: Path, tmp_path: Path, ending: str, answer: Answer) -> None:
    file = tmp_path / f"cards.{ending}"
    assert run(["export", "cards", str(file), "--folder", str(home)]) == 0
    (cards,) = answer("import", "cards", str(file), "--folder", str(home))
    assert (cards["added"], cards["changed"], cards["unchanged"], cards["rejected"]) == (0, 0, 300, 0)


def test_records_of_other_systems_come_in_by_a_mapping(
    home: Path, tmp_path: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    text, mapping = tmp_path / "export.txt", tmp_path / "mapping.yaml"
    text.write_text("NUMBER;WHEN\n460001234567890;20260302080000\n", encoding="utf-8")
    lines = ("imsi: NUMBER", "service: {value: sms}", 'start_time: {column: WHEN, format: "%Y%m%d%H%M%S", zone: UTC}')
    mapping.write_text('delimiter: ";"\ncolumns:\n' + "".join(f"  {line}\n" for line in lines), encoding="utf-8")
    to = ("--folder", str(home), "--source", "other")
    (taken,) = answer("import", "records", str(text), "--mapping", str(mapping), *to)
    assert (taken["format"], taken["records"], taken["refused"]) == ("mapped", 1, 0)
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("zone", "zome"), encoding="utf-8")
    assert run(["import", "records", str(text), "--mapping", str(mapping), *to]) == 2
    said = capsys.readouterr().err
    assert "records.mapping_key" in said
    assert "Line 5" in said
    assert run(["import", "records", str(text), "--mapping", str(tmp_path / "none.yaml"), *to]) == 4


def test_what_is_said_about_records_is_not_said_about_cards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "cards", "x.csv", "--format", "cdr", "--folder", str(tmp_path / "home")]) == 2
    assert "docs/import-formats.md" in capsys.readouterr().err


def test_a_format_can_be_named(home: Path, tmp_path: Path, answer: Answer) -> None:
    (tmp_path / "gateway.dat").write_bytes(pgw() * 3)
    to = ("--folder", str(home), "--source", "gateway")
    (told,) = answer("import", "records", str(tmp_path / "gateway.dat"), *to)
    assert (told["format"], told["records"]) == ("cdr", 3)
    (tmp_path / "strange.dat").write_bytes(b"nothing of ours")
    (named,) = answer("import", "records", str(tmp_path / "strange.dat"), "--format", "cdr", *to, exit_code=1)
    assert (named["format"], named["quarantined"]) == ("cdr", True)


HEADER = "imsi,msisdn,iccid,service,start_time,duration,imei,peer,bytes_up,bytes_down,cell,plmn,rat\n"


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "records.", "empty"),
        (HEADER.encode("utf-16"), "records.", "UTF-16"),
        (gzip.compress(HEADER.encode() * 9)[:-9], "records.", "gzip"),
        (HEADER.encode() + b"1" * 100_000 + b"\n", "records.", "longer than"),
        (bytes(100_000), "records.", "zero bytes"),
    ],
    ids=["empty", "utf-16", "gzip that breaks off", "long line", "zeros"],
)
def test_a_file_that_can_not_be_read_is_told_with_code_reason_and_next_step(
    home: Path, tmp_path: Path, content: bytes, code: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    for _ in range(2):  # told again where it is given again
        assert run(["import", "records", str(bad), "--folder", str(home), "--source", "msc"]) == 1
        err = capsys.readouterr().err
        assert f"[{code}" in err
        assert said in err
        assert "→" in err
