"""One person, one token; another person, another; and nothing of either in a refusal."""

import pytest

from tallyward.custody import identity
from tallyward.custody.transactions import PERSON
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret

GROUP = Secret(bytes(range(32)))
NUMBER = "11010519491231002X"  # the example of GB 11643-1999


def token(document: str, number: str, name: str = "张三", group: Secret[bytes] = GROUP) -> bytes:
    return identity.token(group, identity.of(document, number, name))


def test_ways_of_writing_make_no_other_person() -> None:
    same = {
        token("cn-id", NUMBER),
        token("cn-id", "11010519491231002x", "Zhang San"),
        token("cn-id", " 110105 19491231 002X"),
        token("cn-id", "１１０１０５１９４９１２３１００２Ｘ"),
        token("cn-id", "110105-19491231-002x"),
    }
    assert len(same) == 1
    assert len(same.pop()) == PERSON


def test_other_documents_numbers_and_groups_are_other_tokens() -> None:
    every = [
        token("cn-id", NUMBER),
        token("cn-residence", NUMBER),
        token("passport-USA", "E12345678"),
        token("passport-CAN", "E12345678"),
        token("cn-id", NUMBER, group=Secret(bytes(32))),
    ]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("document", "number", "name"),
    [
        ("cn-id", "110105194912310021", "张三"),
        ("cn-id", "110105491231002", "张三"),
        ("cn-id", "", "张三"),
        ("cn-id", NUMBER, " "),
        ("cn-id", NUMBER, "x" * 200),
        ("cn-id", NUMBER, "a\0b"),
        ("passport", "E12345678", "张三"),
        ("passport-usa", "E12345678", "张三"),
        ("library card", "E12345678", "张三"),
        ("passport-USA", "E1234;5678", "张三"),
        ("passport-USA", "é12345678", "张三"),
    ],
)
def test_what_gives_no_person_is_refused_without_a_word_of_it(document: str, number: str, name: str) -> None:
    with pytest.raises(TallywardError) as caught:
        identity.of(document, number, name)
    assert caught.value.code == "custody.identity_invalid"
    told = str(caught.value) + str(caught.value.parameters)
    assert not [one for one in (number, name) if len(one) > 1 and one in told]


def test_an_identity_shows_its_kind_only() -> None:
    shown = repr(identity.of("cn-id", NUMBER, "张三"))
    assert NUMBER not in shown
    assert "张三" not in shown
    with pytest.raises(ValueError, match="32 bytes"):
        token("cn-id", NUMBER, group=Secret(b"short"))
