import re
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher

from tallyward.console.credentials import Passwords, digest, draw_password, draw_secret
from tallyward.kernel.errors import TooOftenError
from tests.console.house import CHEAP


def test_secrets_are_long_and_never_twice_the_same() -> None:
    drawn = {draw_secret() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(secret) >= 43 for secret in drawn)


def test_one_time_passwords_can_be_read_aloud() -> None:
    drawn = {draw_password() for _ in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(r"[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}", password) for password in drawn)


def test_a_digest_is_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_kept_is_argon2id_at_the_cost_rfc_9106_recommends() -> None:
    kept = Passwords().hash("four words and 7")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "four" not in kept


def test_only_the_right_password_is_right() -> None:
    kept = CHEAP.hash("four words and 7")
    assert CHEAP.right(kept, "four words and 7")
    assert not CHEAP.right(kept, "four words and 8")
    assert not CHEAP.right("no hash at all", "four words and 7")


@pytest.mark.parametrize("password", ["four words and 7", ""])
def test_nobodys_password_is_verified_all_the_same_so_that_time_tells_no_names(password: str) -> None:
    with patch.object(CHEAP._hasher.__class__, "verify", autospec=True, return_value=True) as verify:
        assert not CHEAP.right(None, password)
    verify.assert_called_once()


def test_a_flood_of_sign_ins_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.console.credentials._PATIENCE", 0.01)
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with passwords._in_turn(), passwords._in_turn(), pytest.raises(TooOftenError) as refusal:
        passwords.right(None, "four words and 7")
    assert refusal.value.code == "console.sign_in_busy"
    assert not passwords.right(None, "four words and 7")
