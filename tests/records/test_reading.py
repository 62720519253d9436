from tallyward.records.decode.issues import Issues
from tallyward.records.model import Format
from tallyward.records.offered import Offered
from tallyward.records.reading import Reader
from tests.records.making import csv_of, gz, line


def test_progress_ends_at_the_size_of_the_file() -> None:
    told: list[tuple[int, int]] = []
    data = csv_of([line()] * 10)
    for content in (data, gz(data)):
        rows = Reader({}).read(Offered("a.csv", content), Format.CSV, Issues(), lambda *at: told.append(at))
        assert [part.table.num_rows for part in rows] == [10]
        assert told[-1] == (len(content), len(content))
