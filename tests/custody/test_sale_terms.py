"""Price and contract as people write them."""

import pytest

from tallyward.custody import sale_terms
from tallyward.custody.codec import MalformedError
from tallyward.custody.sale_terms import Terms
from tallyward.kernel.errors import TallywardError

SALT = bytes(range(32))
GOOD = 'price = 3.2\ncurrency = "CNY"\ncontract = "12 months\\n30 MB"\n'


def test_terms_are_read_and_hide_behind_their_salt() -> None:
    found = sale_terms.load(GOOD, "terms.toml", SALT)
    assert "CNY" not in repr(found)
    plain = found.reveal()
    assert plain == Terms(32_000, "CNY", "12 months\n30 MB", SALT)
    assert sale_terms.parse(plain.bytes()) == plain
    assert plain.hash() != plain._replace(salt=bytes(32)).hash()


@pytest.mark.parametrize(
    ("price", "written"), [("3.2", "3.20"), ("7", "7.00"), ("0.0125", "0.0125"), ("10.150", "10.15"), ("0", "0.00")]
)
def test_a_price_is_exact(price: str, written: str) -> None:
    assert sale_terms.load(GOOD.replace("3.2", price), "t", SALT).reveal().written() == written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3.2", "0.00001"),
        ("3.2", "-1"),
        ("3.2", "nan"),
        ("3.2", "inf"),
        ("3.2", "1e30"),
        ("3.2", "true"),
        ("3.2", '"3.2"'),
        ("CNY", "cny"),
        ("CNY", "YUAN"),
        ('"CNY"', "7"),
        ("12 months", "\\u001b[2J"),
        ("12 months", "x" * 70_000),
        ("contract", "contact"),
        ("price = ", "price "),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str) -> None:
    with pytest.raises(TallywardError, match="terms_unreadable"):
        sale_terms.load(GOOD.replace(old, new), "terms.toml", SALT)


def test_kept_bytes_are_checked() -> None:
    with pytest.raises(MalformedError):
        sale_terms.parse(b"\x80")
    with pytest.raises(MalformedError):
        sale_terms.of([1, "CNY", "x", b"short"])
