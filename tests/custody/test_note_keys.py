"""Keys as text: one form, and nothing of a secret in a refusal."""

from base64 import b64encode

import pytest

from tallyward.custody import note_keys
from tallyward.custody.checkpoint import LOG, WITNESS, NoteKey
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, ORIGIN, public

LOG_KEY = NoteKey(ORIGIN, public("log"))
OWN = note_keys.secret_of("witness.example/w1", KEYS["stranger"], WITNESS)


def test_there_and_back() -> None:
    assert note_keys.parse_key(LOG_KEY.text(), LOG) == LOG_KEY
    text = note_keys.secret_text(OWN)
    assert text.startswith("PRIVATE+KEY+witness.example/w1+")
    back = note_keys.parse_secret(text, WITNESS)
    assert (back.key, bytes(back.secret)) == (OWN.key, bytes(OWN.secret))
    assert note_keys.parse_key(back.key.text(), WITNESS) == OWN.key


def test_a_key_of_another_program() -> None:
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"  # golang.org/x/mod/sumdb/note, example
    assert note_keys.parse_key(text, LOG).text() == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", LOG),
        ("name", LOG),
        ("name+00000000+", LOG),
        (LOG_KEY.text(), WITNESS),
        (LOG_KEY.text().replace("ledger", "Ledger"), LOG),
        (LOG_KEY.text()[:-4] + "AAA=", LOG),
        ("a b+00000000+" + b64encode(bytes([1]) * 33).decode(), LOG),
        ("x" * 10_000, LOG),
    ],
)
def test_other_text_is_refused(text: str, kind: int) -> None:
    with pytest.raises(TallywardError, match="note_key"):
        note_keys.parse_key(text, kind)
    with pytest.raises(TallywardError, match="note_key"):
        note_keys.parse_secret(text, kind)


def test_a_refusal_says_nothing_of_a_secret() -> None:
    text = note_keys.secret_text(OWN)
    for bad in (text.replace("PRIVATE", "private"), text.replace("w1", "w2"), text[:-5]):
        with pytest.raises(TallywardError) as caught:
            note_keys.parse_secret(bad, WITNESS)
        assert text[-20:-6] not in str(caught.value)
    for name in ("", "a+b", "a b", "x" * 300, "a\nb"):
        with pytest.raises(TallywardError, match="note_key"):
            note_keys.secret_of(name, KEYS["stranger"], WITNESS)
