"""RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, first message."""

import pytest

from tallyward.custody import hpke

INFO = b"Ode on a Grecian Urn"
SEED = bytes.fromhex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b")
READER_SEED = bytes.fromhex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df")
READER = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
READER_PUBLIC = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
SENDER = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
PLAIN, DATA = b"Beauty is truth, truth beauty", b"Count-0"
SEALED = bytes.fromhex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")


def test_the_vectors_of_the_rfc() -> None:
    assert hpke.key_of(READER_SEED) == READER
    assert hpke.seal(READER_PUBLIC, INFO, DATA, PLAIN, SEED) == (SENDER, SEALED)
    assert hpke.unseal(READER, SENDER, INFO, DATA, SEALED) == PLAIN


def test_anything_else_opens_nothing() -> None:
    for changed in (
        (hpke.key_of(SEED), SENDER, INFO, DATA, SEALED),
        (READER, READER_PUBLIC, INFO, DATA, SEALED),
        (READER, SENDER, INFO + b".", DATA, SEALED),
        (READER, SENDER, INFO, b"Count-1", SEALED),
        (READER, SENDER, INFO, DATA, SEALED[:-1]),
        (READER, SENDER, INFO, DATA, b""),
        (READER, bytes(32), INFO, DATA, SEALED),
    ):
        with pytest.raises(hpke.OpeningError):
            hpke.unseal(*changed)


def test_a_point_of_small_order_is_refused() -> None:
    with pytest.raises(hpke.OpeningError):
        hpke.seal(bytes(32), INFO, DATA, PLAIN, SEED)


def test_hkdf_expands_as_in_rfc_5869() -> None:
    key = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    info = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert hpke.expand(key, info, 42).hex() == expected
