"""Hybrid public key encryption of one message (RFC 9180, base mode). Pure.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
Where the RFC draws the sender's key at random, it is derived from a `seed` that the caller gives (7.1.3).
"""

import hmac
from hashlib import sha256
from typing import Final

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

_KEM: Final = b"KEM\x00\x20"
_SUITE: Final = b"HPKE\x00\x20\x00\x01\x00\x03"
_BASE: Final = b"\0"


class OpeningError(ValueError):
    """It was sealed for another key or context, or bytes were changed: nobody can tell which."""


def seal(public: bytes, info: bytes, data: bytes, plain: bytes, seed: bytes) -> tuple[bytes, bytes]:
    """(sender's public key, sealed bytes). `info`, `data`: bound to it, not in it. Refuses a key of small order."""
    secret = key_of(seed)
    sender = crypto_scalarmult_base(secret)
    key, nonce = _schedule(_shared(secret, public, sender + public), info)
    return sender, crypto_aead_chacha20poly1305_ietf_encrypt(plain, data, nonce, key)


def unseal(secret: bytes, sender: bytes, info: bytes, data: bytes, sealed: bytes) -> bytes:
    """What was sealed; refuses with `OpeningError`."""
    key, nonce = _schedule(_shared(secret, sender, sender + crypto_scalarmult_base(secret)), info)
    try:
        return crypto_aead_chacha20poly1305_ietf_decrypt(sealed, data, nonce, key)
    except (CryptoError, ValueError) as error:
        raise OpeningError from error


def key_of(seed: bytes) -> bytes:
    """The secret key that follows from a seed of 32 bytes (DeriveKeyPair)."""
    return _labeled_expand(_KEM, _labeled_extract(_KEM, b"", b"dkp_prk", seed), b"sk", b"", 32)


def expand(key: bytes, info: bytes, size: int) -> bytes:
    """Bytes that follow from a key (HKDF-Expand, RFC 5869)."""
    found, last = b"", b""
    for turn in range(1, -(-size // 32) + 1):
        last = hmac.digest(key, last + info + bytes([turn]), sha256)
        found += last
    return found[:size]


def _shared(secret: bytes, public: bytes, both: bytes) -> bytes:
    try:
        product = crypto_scalarmult(secret, public)
    except (CryptoError, ValueError) as error:  # a point of small order would give a secret that all know
        raise OpeningError from error
    made = _labeled_extract(_KEM, b"", b"eae_prk", product)
    return _labeled_expand(_KEM, made, b"shared_secret", both, 32)


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """(key, nonce) of the first message."""
    ids = _labeled_extract(_SUITE, b"", b"psk_id_hash", b""), _labeled_extract(_SUITE, b"", b"info_hash", info)
    context = _BASE + b"".join(ids)
    made = _labeled_extract(_SUITE, shared, b"secret", b"")
    return _labeled_expand(_SUITE, made, b"key", context, 32), _labeled_expand(_SUITE, made, b"base_nonce", context, 12)


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, sha256)


def _labeled_expand(suite: bytes, made: bytes, label: bytes, info: bytes, size: int) -> bytes:
    return expand(made, size.to_bytes(2) + b"HPKE-v1" + suite + label + info, size)
