import pytest

from tallyward.detect.cards.condition_syntax import MOST_BRACKETS, MOST_CHARACTERS, MOST_NODES, parsed
from tallyward.detect.cards.refusal import Place
from tallyward.kernel.errors import InvalidError

PLACE = Place("rule.yaml", 3, 5, exact=True)


def test_one_plain_expression_passes() -> None:
    assert parsed("a = 1 AND b IN (2, 3)", PLACE).sql() == "a = 1 AND b IN (2, 3)"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = 1 -- b", "detect.rule_character"),
        ("a = 1; b = 2", "detect.rule_character"),
        ("a = [1]", "detect.rule_character"),
        ('"a" = 1', "detect.rule_character"),
        ("a ** 2 > 1", "detect.rule_character"),
        ("a = 1 /* b */", "detect.rule_character"),
        ("", "detect.rule_syntax"),
        ("a = ", "detect.rule_syntax"),
        ("a = 1" + " " * MOST_CHARACTERS, "detect.rule_long"),
        (" + ".join(["a"] * (MOST_NODES // 2)) + " > 1", "detect.rule_long"),
        ("(" * (MOST_BRACKETS + 1) + "a" + ")" * (MOST_BRACKETS + 1), "detect.rule_deep"),
        ("a = - - 1", "detect.rule_deep"),
        ("NOT NOT NOT a = 1", "detect.rule_deep"),
    ],
)
def test_each_wall_refuses(text: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parsed(text, PLACE)
    assert caught.value.code == code
    assert caught.value.parameters["line"] == 3


def test_a_strange_character_is_refused_where_it_stands() -> None:
    with pytest.raises(InvalidError) as caught:
        parsed("a = 1 #", PLACE)
    assert (caught.value.parameters["character"], caught.value.parameters["column"]) == ("#", 5 + 6)
