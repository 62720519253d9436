from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallyward.kernel import identities
from tallyward.kernel.errors import InvalidError
from tallyward.registry.checks import check, is_code, trimmed
from tallyward.registry.columns import Column, Form

DIGITS = st.text("0123456789", max_size=22)
LETTERED = st.text("0123456789ABCXYZabcz ", max_size=22)
ANYTHING = st.text(st.characters(max_codepoint=0x2FFF, exclude_characters="ıſ"), max_size=22)  # capitals of ASCII


def whole(text: str) -> str:
    """The text with a check digit that fits its digits."""
    return text + str(identities.luhn_digit(text)) if text.isdigit() and text.isascii() else text


ICCIDS = st.one_of(
    LETTERED.map(lambda tail: "89" + tail),
    st.text("0123456789", min_size=16, max_size=17).map(lambda tail: whole("89" + tail)),
    st.text("0123456789AZ", min_size=15, max_size=16).map(lambda tail: "8986" + tail + "7"),
)
FORMS: dict[Form, tuple[Callable[[str], str], st.SearchStrategy[str]]] = {
    Form.ICCID: (identities.iccid, ICCIDS),
    Form.IMSI: (identities.imsi, DIGITS),
    Form.MSISDN: (identities.msisdn, st.one_of(DIGITS, DIGITS.map(lambda text: "+" + text))),
    Form.IMEI: (identities.imei, st.text("0123456789", min_size=13, max_size=15).map(whole)),
}


def told(form: Form, *texts: str | None, **options: object) -> list[object]:
    """What a check gives for each text: the value, None where empty, the code where refused."""
    column = Column("x", form, "", **options)  # type: ignore[arg-type]
    checked = check(column, trimmed(pa.array(texts, pa.string())))
    found: list[object] = checked.values.to_pylist()
    for code, mask in checked.wrong:
        for row in mask.nonzero()[0].tolist():
            assert found[row] is None
            found[row] = code
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_whole_columns_and_single_values_agree(form: Form, data: st.DataObject) -> None:
    scalar, good = FORMS[form]
    texts = data.draw(st.lists(st.one_of(good, DIGITS, LETTERED, ANYTHING), max_size=12))
    expected: list[object] = []
    for text in texts:
        if not text.strip():
            expected.append(None)
            continue
        try:
            expected.append(scalar(text))
        except InvalidError as refusal:
            expected.append(refusal.code)
    assert told(form, *texts) == expected


def test_good_and_bad_numbers() -> None:
    assert told(
        Form.ICCID, "8986031840201a123456 ", "89860000000000000019", "89860000000000000018", "8986é3184", ""
    ) == [
        "8986031840201A123456",
        "89860000000000000019",
        "kernel.iccid_check_digit",
        "kernel.iccid_form",
        None,
    ]
    assert told(Form.IMEI, "490154203237518", "490154203237519", "49015420323751") == [
        "490154203237518",
        "kernel.imei_check_digit",
        "kernel.imei_form",
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.integers(-5, 2**70).map(str), DIGITS, ANYTHING), max_size=8), st.integers(1, 2**63 - 1))
@example(["9223372036854775807", "9223372036854775808", "00000000000000000001", "1.5"], 2**63 - 1)
def test_counts_are_whole_numbers_up_to_a_limit(texts: list[str], most: int) -> None:
    for text, found in zip(texts, told(Form.COUNT, *texts, most=most), strict=True):
        bare = text.strip()
        if not bare:
            assert found is None
        elif bare.isascii() and bare.isdigit() and len(bare) <= 19 and int(bare) <= most:
            assert found == int(bare)
        else:
            assert found == "registry.count_form"


def test_moments_need_an_offset_and_a_real_day() -> None:
    wrong = "registry.moment_form"
    assert told(
        Form.MOMENT,
        "2026-11-23T08:00:00+08:00",
        "2026-11-23 00:00:00Z",
        "2026-11-23T00:00:00.999-0030",
        "1970-01-01T00:00:00Z",
        "2024-02-29T00:00:00Z",
    ) == [1795392000, 1795392000, 1795393800, 0, 1709164800]
    bad = ("2026-11-23T08:00:00", "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T24:01:00Z", "2026-11-23T00:00:00+")
    assert told(Form.MOMENT, *bad, "1969-12-31T23:59:59Z", "2026-11-23T00:00:00Z08") == [wrong] * 7


def test_flags_and_choices_are_read_in_any_case() -> None:
    assert told(Form.FLAG, "TRUE", "no", "1", "0", "oui", " ") == [True, False, True, False, "registry.flag_form", None]
    assert told(Form.CHOICE, "Open", "shut", choices=("open",)) == ["open", "registry.choice"]


def test_degrees_lie_on_the_earth() -> None:
    assert told(Form.LATITUDE, "90", "-90.0", "90.01", "+1", "1e-05", "1e5", "n", "") == [
        *(90.0, -90.0, "registry.degrees_form", 1.0, 1e-05, "registry.degrees_form", "registry.degrees_form", None)
    ]
    assert told(Form.LONGITUDE, "180", "-180.5") == [180.0, "registry.degrees_form"]


def test_texts_and_codes() -> None:
    assert told(Form.TEXT, "中" * 5, "中" * 6, "a\tb", longest=5) == ["中" * 5, *["registry.text_form"] * 2]
    assert told(Form.CODE, "a.b_c:d/e-1", "-a", "中", "a b", "a" * 65) == ["a.b_c:d/e-1", *["registry.code_form"] * 4]
    assert told(Form.CGI, "460-00-4096-1", "460-0-4096-1") == ["460-00-4096-1", "registry.cgi_form"]
    assert told(Form.PLMNS, "46000 999012", "46000,46001") == ["46000 999012", "registry.plmn_form"]
    assert [is_code(text) for text in ("op", "op\n", "", "a" * 65)] == [True, False, False, False]


@pytest.mark.parametrize("form", Form, ids=lambda form: form.name)
def test_every_form_takes_no_rows_and_empty_rows(form: Form) -> None:
    assert told(form) == []
    assert told(form, None, None) == [None, None]
