import pytest

from tallyward.records.decode.detect_format import check_head, detect_format, start_of_gzip
from tallyward.records.decode.issues import RefusalError
from tallyward.records.model import Format
from tests.records.decode.cdr_writer import pgw, with_headers
from tests.records.decode.detail_writer import record
from tests.records.decode.diameter_writer import sms_request
from tests.records.decode.tap_writer import batch
from tests.records.making import csv_of, gz, line


@pytest.mark.parametrize(
    ("head", "name", "form"),
    [
        (csv_of([line()]), "x", Format.CSV),
        (b"\xef\xbb\xbf" + csv_of([]), "x", Format.CSV),
        (gz(csv_of([line()])), "x", Format.CSV),
        (gz(csv_of([line()] * 5000))[:200], "x", Format.CSV),
        (b"PAR1....", "x", Format.PARQUET),
        (batch(), "CDCHNCMDEUD100001", Format.TAP3),
        (b"\x08\x88\xff", "a.BER", Format.TAP3),
        (pgw(), "a.ber", Format.CDR),
        (with_headers([pgw()]), "a.csv", Format.CDR),
        (gz(pgw() * 9), "a.gz", Format.CDR),
        (sms_request(0), "a", Format.DIAMETER),
        (record().encode(), "detail-20260301", Format.RADIUS),
        (gz(record().encode()), "a.gz", Format.RADIUS),
        (b"a;b\n", "a.csv", Format.CSV),
        (csv_of([]).decode().encode("utf-16"), "x", Format.CSV),
    ],
)
def test_formats_are_told_by_content_then_by_name(head: bytes, name: str, form: Format) -> None:
    assert detect_format(head, name) is form


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "records.empty_file"),
        (bytes(1000), "records.only_zeros"),
        (b"hello world", "records.unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "records.unknown_format"),
        (b"\x1f\x8bnot gzip at all", "records.broken_gzip"),
    ],
)
def test_what_is_no_format_is_refused_with_the_reason(head: bytes, code: str) -> None:
    with pytest.raises(RefusalError) as error:
        detect_format(head, "records.dat")
    assert error.value.code == code


def test_a_claimed_format_makes_zeros_no_better() -> None:
    with pytest.raises(RefusalError):
        check_head(bytes(10))
    check_head(b"\0\1")
    assert start_of_gzip(gz(b"abc")) == b"abc"
