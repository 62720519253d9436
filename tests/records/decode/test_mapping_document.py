import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.records.decode.mapping_document import MOST_BYTES, Value, document


def test_each_value_knows_its_line() -> None:
    top = document(b"skip_lines: 1\ncolumns:\n  imsi: [a, b]\n")
    assert isinstance(top.content, dict)
    assert top.content["skip_lines"] == Value("1", 1)
    columns = top.content["columns"]
    assert isinstance(columns.content, dict)
    assert columns.content["imsi"] == Value((Value("a", 3), Value("b", 3)), 3)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "records.mapping_missing", 1),
        (b"a: 1\na: 2\n", "records.mapping_twice", 2),
        (b"a: &x 1\nb: *x\n", "records.mapping_yaml", 1),
        (b"a: !!python/object:os.system {}\n", "records.mapping_yaml", 1),
        (b"a: 1\nb: [1\n", "records.mapping_yaml", 3),
        (b"a: 1\n\xff\n", "records.mapping_yaml", 2),
        (b"a: " + b"[" * 9 + b"]" * 9, "records.mapping_yaml", 1),
        (b"#" * (MOST_BYTES + 1), "records.mapping_yaml", 1),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(data: bytes, code: str, line: int) -> None:
    with pytest.raises(InvalidError) as caught:
        document(data)
    assert (caught.value.code, caught.value.parameters["line"]) == (code, line)
