"""Secrets: drawing them, hashing them. Nothing here keeps one."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tallyward.kernel.errors import TooOftenError

TOKEN_PREFIX: Final = "tw_"  # noqa: S105  a prefix by which people and secret scanners know our tokens
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no l, o, i, 0, 1: read aloud and typed by people
_GROUPS, _GROUP = 4, 4
_AT_ONCE: Final = 2
"""Argon2 takes 64 MiB a hash on purpose: this many at a time, so that a flood of sign-ins can't take the memory."""
_PATIENCE: Final = 5
"""Seconds a sign-in waits for its turn: the threads of other requests must not wait behind a flood."""


def draw_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def draw_password() -> str:
    """A one-time password such as `k7mq-x2hd-9pwa-ncev`: 79 random bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def digest(secret: str) -> str:
    """How a drawn secret is kept. SHA-256 without salt is enough for 256 random bits, and can be looked up."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Passwords:
    """Hashes and verifies passwords by Argon2id (RFC 9106, its second recommended option by default)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher` sets the cost; tests take a cheap one."""
        self._hasher = hasher or PasswordHasher()
        self._turn = BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash(draw_secret())

    def hash(self, password: str) -> str:
        """The text to keep."""
        with self._in_turn():
            return self._hasher.hash(password)

    def right(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one of `kept`. None takes as long as a wrong password: it tells no names."""
        with self._in_turn():
            try:
                return self._hasher.verify(kept or self._nobody, password) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_PATIENCE):
            raise TooOftenError("console.sign_in_busy", seconds=_PATIENCE)
        try:
            yield
        finally:
            self._turn.release()
