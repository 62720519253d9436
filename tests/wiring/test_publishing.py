from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.records.decode.columns import COLUMNS
from tallyward.wiring.publishing import bus_address, publish_file
from tallyward.wiring.settings import read_settings
from tests.records.making import csv_of, line


class Sent:
    """A publisher that remembers."""

    def __init__(self) -> None:
        self.rows: list[pa.Table] = []

    def publish(self, rows: pa.Table) -> int:
        self.rows.append(rows)
        return 1


def test_a_csv_is_sent_as_text_columns_and_broken_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of([line(), "1,2", line(imei="")]))
    sent = Sent()
    assert publish_file(sent, path, lambda _done, _total: None) == (2, 1, 1)
    (rows,) = sent.rows
    assert rows.column_names == list(COLUMNS)
    assert [row["imei"] for row in rows.to_pylist()] == ["86012345678901", None]


def test_parquet_is_sent_as_it_is(tmp_path: Path) -> None:
    table = pa.table({"imsi": ["1"]})
    pq.write_table(table, tmp_path / "a.parquet")
    sent = Sent()
    publish_file(sent, tmp_path / "a.parquet", lambda _done, _total: None)
    assert sent.rows[0].equals(table)


def test_what_has_not_the_columns_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.csv", "a,b\n1,2\n"), ("b.parquet", "no parquet"), ("c.csv", "")):
        (tmp_path / name).write_text(text)
        with pytest.raises(InvalidError, match=r"wiring\.not_sendable"):
            publish_file(Sent(), tmp_path / name, lambda _done, _total: None)


def test_where_the_bus_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=r"wiring\.no_bus"):
        bus_address(read_settings(home=tmp_path))
    own = bus_address(read_settings(home=tmp_path, nats="own", nats_port=4300))
    assert (own.url, own.token) == ("nats://127.0.0.1:4300", (tmp_path / "nats" / "token").read_text())
    given = bus_address(read_settings(home=tmp_path, nats="nats://bus:4222", nats_token="t"))
    assert (given.url, given.token) == ("nats://bus:4222", "t")
