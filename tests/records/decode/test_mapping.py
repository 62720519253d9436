import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.records.decode.mapping import Dress, Source, read_mapping
from tallyward.records.decode.mapping_document import MOST_BYTES

WHOLE = """\
delimiter: ";"
encoding: gb18030
quote: none
header: true
skip_lines: 2
columns:
  imsi: IMSI_NO
  msisdn: {column: MSISDN, prefix: "86"}
  service: {column: TYPE, values: {"1": data, "2": sms}, otherwise: unknown}
  start_time: {columns: [DATE, TIME], join: " ", format: "%Y%m%d %H%M%S", zone: Asia/Shanghai}
  duration: {column: DUR, unit: ms}
  bytes_up: {column: UP, unit: KiB, decimal: ",", thousands: "."}
  cell: {network: {value: "46000"}, area: LAC, identity: CI, base: 16}
  rat: {value: eutran}
"""
LEAST = "columns:\n  imsi: a\n  service: {value: data}\n  start_time: b\n"


def test_all_of_it_is_read() -> None:
    mapping = read_mapping(WHOLE.encode())
    assert mapping.dress == Dress(";", "gb18030", None, header=True, skip_lines=2)
    columns = mapping.columns
    assert columns["imsi"] == Source(columns=("imsi_no",))
    assert columns["msisdn"] == Source(columns=("msisdn",), prefix="86")
    assert columns["service"].values == {"1": "data", "2": "sms"}
    assert columns["service"].otherwise == "unknown"
    assert (columns["start_time"].columns, columns["start_time"].join) == (("date", "time"), " ")
    assert columns["start_time"].zone == "Asia/Shanghai"
    assert columns["duration"].unit == (1, 1000)
    assert (columns["bytes_up"].unit, columns["bytes_up"].decimal, columns["bytes_up"].thousands) == (
        (1024, 1),
        ",",
        ".",
    )
    assert list(columns["cell"].parts) == ["network", "area", "identity"]
    assert (columns["cell"].base, columns["cell"].parts["network"].value) == (16, "46000")
    assert columns["rat"].value == "eutran"
    assert mapping.needed() == ("imsi_no", "msisdn", "type", "date", "time", "dur", "up", "lac", "ci")


def test_what_is_not_said_has_a_default() -> None:
    mapping = read_mapping(b"\xef\xbb\xbf" + LEAST.encode())
    assert mapping.dress == Dress()
    assert mapping.columns["start_time"] == Source(columns=("b",), format="iso")
    assert mapping.digest != read_mapping((LEAST + "# another\n").encode()).digest


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "key"),
    [
        ("delimiter:", "delimeter:", "mapping_key", 1, "delimeter"),
        ('";"', '";;"', "mapping_value", 1, "delimiter"),
        ("gb18030", "utf-16", "mapping_value", 2, "encoding"),
        ("quote: none", "quote: x", "mapping_value", 3, "quote"),
        ("header: true", "header: yes", "mapping_value", 4, "header"),
        ("skip_lines: 2", "skip_lines: -1", "mapping_value", 5, "skip_lines"),
        ("skip_lines: 2", "skip_lines: [1]", "mapping_value", 5, "skip_lines"),
        ("  imsi:", "  imsy:", "mapping_key", 7, "imsy"),
        ("IMSI_NO", '""', "mapping_value", 7, "imsi"),
        ("prefix", "prefixx", "mapping_key", 8, "prefixx"),
        ("{column: MSISDN,", "{column: MSISDN, value: x,", "mapping_missing", 8, "msisdn.column"),
        ("{column: TYPE,", "{", "mapping_missing", 9, "service.column"),
        ("values: {", "values: [", "mapping_yaml", 9, None),
        ('values: {"1": data, "2": sms}', "values: 1", "mapping_value", 9, "service.values"),
        ('"1": data', '"2": data', "mapping_twice", 9, "2"),
        ("[DATE, TIME]", "[]", "mapping_value", 10, "start_time.columns"),
        ("%Y%m%d %H%M%S", "%Y%m%d %H%M%Q", "mapping_value", 10, "start_time.format"),
        ("%Y%m%d %H%M%S", "%Y%m %H%M", "mapping_value", 10, "start_time.format"),
        ("%Y%m%d %H%M%S", "%Y%y%m%d%H%M", "mapping_value", 10, "start_time.format"),
        (", zone: Asia/Shanghai", "", "mapping_missing", 10, "start_time.zone"),
        ("Asia/Shanghai", "Asia/Nowhere", "mapping_value", 10, "start_time.zone"),
        ("Asia/Shanghai", "../../etc/passwd", "mapping_value", 10, "start_time.zone"),
        ('%S"', '%S%z"', "mapping_value", 10, "start_time.zone"),
        ("unit: ms", "unit: hours", "mapping_value", 11, "duration.unit"),
        ("unit: KiB", "unit: kb", "mapping_value", 12, "bytes_up.unit"),
        ("base: 16", "base: 8", "mapping_value", 13, "base"),
        (", identity: CI", "", "mapping_missing", 13, "network, area, identity"),
        ("area: LAC", "area: LAC, column: CGI", "mapping_value", 13, "column"),
        ("  rat: {value: eutran}", "  rat: &a {value: eutran}", "mapping_yaml", 14, None),
        ("  rat: {value: eutran}", "  rat: !!python/object x", "mapping_yaml", 14, None),
        ("  rat: {value: eutran}", "  rat: {value: {a: {b: {c: {d: {e: f}}}}}}", "mapping_yaml", 14, None),
    ],
)
def test_a_mistake_is_named_by_line_and_key(old: str, new: str, code: str, line: int, key: str | None) -> None:
    assert old in WHOLE
    with pytest.raises(InvalidError) as error:
        read_mapping(WHOLE.replace(old, new, 1).encode())
    said = error.value
    assert (said.code, said.parameters["line"]) == (f"records.{code}", line)
    assert key is None or said.parameters["key"] == key
    for language in ("en", "zh-CN"):
        assert said.sentence(language) != said.code
        assert "{known}" not in said.next_step(language)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "mapping_missing"),
        (b"delimiter: ','\n", "mapping_missing"),
        (b"- a\n", "mapping_value"),
        (b"text", "mapping_value"),
        (b"\xff\xfe", "mapping_yaml"),
        (b"a: \x00", "mapping_yaml"),
        (b"a: 'unclosed", "mapping_yaml"),
        (b'a: "\\UFFFFFFFF"', "mapping_yaml"),
        (b"#" * (MOST_BYTES + 1), "mapping_yaml"),
        (b"[" * 5_000, "mapping_yaml"),
        (b"columns: {service: a, start_time: b}", "mapping_missing"),
        (b"columns: {imsi: c, start_time: b}", "mapping_missing"),
        (b"columns: {imsi: c, service: b}", "mapping_missing"),
        (b"header: false\ncolumns: {imsi: c, service: 1, start_time: 2}", "mapping_value"),
    ],
)
def test_what_is_no_mapping_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as error:
        read_mapping(data)
    assert error.value.code == f"records.{code}"
