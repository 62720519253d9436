import pytest

from tallyward.detect.cards.refusal import Place, refused
from tallyward.kernel.errors import InvalidError


def test_a_refusal_carries_its_place_and_its_parameters() -> None:
    error = refused(Place("a.yaml", 7, 12), "detect.rule_name", name="imie", hint="imei")
    assert isinstance(error, InvalidError)
    assert error.code == "detect.rule_name"
    assert error.parameters == {"file": "a.yaml", "line": 7, "column": 12, "name": "imie", "hint": "imei"}


def test_both_languages_name_file_line_and_column() -> None:
    error = refused(Place("a.yaml", 7, 12), "detect.rule_name", name="imie", hint="imei")
    for sentence in (error.sentence("en"), error.sentence("zh-CN")):
        assert all(part in sentence for part in ("a.yaml", "7", "12", "imie"))
    assert "imei" in error.next_step("en")
    assert "imei" in error.next_step("zh-CN")


def test_a_place_moves_on_only_where_the_text_stands_character_for_character() -> None:
    assert Place("a.yaml", 7, 12, exact=True).further(5) == Place("a.yaml", 7, 17)
    folded = Place("a.yaml", 7, 12)
    assert folded.further(5) == folded


def test_a_parameter_cannot_replace_the_place() -> None:
    with pytest.raises(TypeError):
        refused(Place("a.yaml", 7, 12), "detect.rule_name", line=1)
