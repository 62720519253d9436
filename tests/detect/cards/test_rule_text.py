import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.rule_text import MOST_BYTES, MOST_DEPTH, Value, read_rules
from tallyward.kernel.errors import InvalidError


def read(text: str) -> Value:
    return read_rules(text.encode(), "a.yaml")


def refusal(data: bytes) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        read_rules(data, "a.yaml")
    error = caught.value
    assert error.parameters["file"] == "a.yaml"
    assert error.sentence("en") != error.sentence("zh-CN")
    return error


def test_every_value_knows_its_line_and_column() -> None:
    found = read("id: R9\nlist:\n  - 1\n  - two: true\n").mapping("file")
    assert (found["id"].place.line, found["id"].place.column) == (1, 5)
    first, second = found["list"].items("list")
    assert (first.of, first.place.line, first.place.column) == (1, 3, 5)
    two = second.mapping("two")["two"]
    assert (two.of, two.place.line, two.place.column) == (True, 4, 10)


@pytest.mark.parametrize(
    ("text", "column", "exact"),
    [
        ("c: up > 1", 4, True),
        ("c: 'up > 1'", 5, True),
        ('c: "up > 1"', 5, True),
        ("c: >\n  up > 1\n", 5, False),
        ("c: up >\n  1", 4, False),
    ],
)
def test_a_place_within_a_text_is_told_only_where_it_can_be(text: str, column: int, exact: bool) -> None:
    place = read(text).mapping("file")["c"].place
    assert place.further(3).column == (place.column + 3 if exact else place.column)
    if exact:
        assert place.column == column


@pytest.mark.parametrize("text", ['c: "up \\x3e 1"', "c: 'svc = ''voice'''"])
def test_behind_an_escape_no_column_is_told(text: str) -> None:
    place = read(text).mapping("file")["c"].place
    assert place.further(9) == place


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("12", 12),
        ("1.5", 1.5),
        ("true", True),
        ("'12'", "12"),
        ("12 km", "12 km"),
        ("2026-03-09", "2026-03-09"),
        ("~", "~"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_numbers_truths_or_texts_and_nothing_else(text: str, made: object) -> None:
    found = read(f"a: {text}").mapping("file")["a"].of
    assert found == made
    assert type(found) is type(made)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "detect.rule_file_empty", 1),
        (b"# nothing\n", "detect.rule_file_empty", 1),
        (b" " * (MOST_BYTES + 1), "detect.rule_file_size", 1),
        (b"a: 1\nb: \xff\n", "detect.rule_file_encoding", 2),
        ("a: 中".encode("gbk"), "detect.rule_file_encoding", 1),
        (b"a: 1\nb: [1, 2\n", "detect.rule_yaml", 3),
        (b"a: 1\n---\nb: 1\n", "detect.rule_yaml", 2),
        (b"a: \x00", "detect.rule_yaml", 1),
        (b"a: 1\n\tb: 1\n", "detect.rule_yaml", 2),
        (b"a: &x 1\nb: *x\n", "detect.rule_yaml_feature", 1),
        (b"a: 1\nb: *x\n", "detect.rule_yaml_feature", 2),
        (b"a: 1\nb: !!python/object/apply:os.system [ls]\n", "detect.rule_yaml_feature", 2),
        (b"a: !!int '1'\n", "detect.rule_yaml_feature", 1),
        (b"%YAML 1.2\n---\na: 1\n", "detect.rule_yaml_feature", 1),
        (b"a: 1\nb: 2\na: 3\n", "detect.rule_twice", 3),
        (b"[1, 2]: 3\n", "detect.rule_value", 1),
        (b"a:\n  [" + b"[" * 60_000, "detect.rule_yaml_deep", 2),
        (b"- " * 30_000, "detect.rule_yaml_deep", 1),
        (b"? " * 30_000, "detect.rule_yaml_deep", 1),
        (b"{a: " * 15_000, "detect.rule_yaml_deep", 1),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_code_and_line(data: bytes, code: str, line: int) -> None:
    error = refusal(data)
    assert (error.code, error.parameters["line"]) == (code, line)


def test_a_thousand_laughs_are_refused_before_they_are_built() -> None:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert refusal("\n".join(lines).encode()).code == "detect.rule_yaml_feature"


def test_limits_are_met_exactly() -> None:
    assert read("a: 1".ljust(MOST_BYTES)).mapping("file")["a"].of == 1
    assert read("[" * MOST_DEPTH + "]" * MOST_DEPTH).items("file")
    assert refusal(("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)).encode()).code == "detect.rule_yaml_deep"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert list(read_rules(b"\xef\xbb\xbfid: 1", "a.yaml").mapping("file")) == ["id"]


def test_the_line_of_a_wrong_byte_counts_behind_a_byte_order_mark() -> None:
    assert refusal(b"\xef\xbb\xbfa: 1\n\xff").parameters["line"] == 2


@pytest.mark.parametrize("text", ['a: "\\U00110000"', 'a: "\\UFFFFFFFF"'])
def test_a_character_beyond_unicode_is_refused(text: str) -> None:
    assert refusal(text.encode()).code.startswith("detect.rule_")


@given(st.binary(max_size=200) | st.text("ab:-?[]{},&*!%#'\"\\|> \n01.~", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    try:
        read_rules(data, "a.yaml")
    except InvalidError as error:
        assert error.code.startswith("detect.rule_")
        line = error.parameters["line"]
        assert isinstance(line, int)
        assert line >= 1


@pytest.mark.parametrize(
    ("wanted", "good", "bad"),
    [
        ("text", ["x"], ["1", "true", "''", "' '", "[]"]),
        ("number", ["0", "1.5", "7"], ["-1", "x", "true", ".nan", ".inf", str(1 << 62)]),
        ("whole", ["0", "7", "true", str((1 << 64) - 1)], ["-1", "1.5", "x", str(1 << 64)]),
        ("truth", ["true", "false"], ["1", "x"]),
        ("items", ["[]", "[1]"], ["1", "{}"]),
        ("mapping", ["{}", "{a: 1}"], ["1", "[]"]),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_key(wanted: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        getattr(read(f"a: {text}").mapping("file")["a"], wanted)("key")
    for text in bad:
        value = read(f"\na: {text}").mapping("file")["a"]
        with pytest.raises(InvalidError) as caught:
            getattr(value, wanted)("key")
        assert (caught.value.code, caught.value.parameters["key"]) == ("detect.rule_value", "key"), text
        assert caught.value.parameters["line"] == 2, text


def test_a_table_takes_its_keys_only_and_needs_the_required_ones() -> None:
    content = read("\nseverty: low\n")
    with pytest.raises(InvalidError) as unknown:
        content.table("rule", ("id",), ("severity",))
    assert unknown.value.code == "detect.rule_key"
    assert {key: unknown.value.parameters[key] for key in ("key", "hint", "line")} == {
        "key": "severty",
        "hint": "severity",
        "line": 2,
    }
    with pytest.raises(InvalidError) as lacking:
        read("severity: low").table("rule", ("id",), ("severity",))
    assert (lacking.value.code, lacking.value.parameters["key"]) == ("detect.rule_lacks", "id")
    assert set(read("{id: 1}").table("rule", ("id",), ("severity",))) == {"id"}


def test_a_word_is_one_of_the_known_ones() -> None:
    value = read("a: hihg").mapping("file")["a"]
    with pytest.raises(InvalidError) as caught:
        value.one_of("severity", ("low", "high"))
    assert (caught.value.code, caught.value.parameters["hint"]) == ("detect.rule_choice", "high")
    assert read("a: low").mapping("file")["a"].one_of("severity", ("low", "high")) == "low"
