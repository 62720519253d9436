"""What seller and buyer agreed on beside the cards, of which the ledger has a salted hash only. Pure.

People write it as TOML:

    price = 3.20                      # of a card
    currency = "CNY"                  # ISO 4217
    contract = "12 months, 30 MB a month"
"""

import tomllib
from decimal import Decimal
from hashlib import sha256
from typing import Final, NamedTuple, NoReturn

from tallyward.custody.codec import Item, MalformedError, decode, encode
from tallyward.custody.fields import ANY, digest, row_of, whole
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.secret import Secret

_MOST_CONTRACT: Final = 65_536
_MOST_BYTES: Final = 4 * _MOST_CONTRACT + 200
_DOMAIN: Final = b"tallyward custody terms v1\0"
_PLACES: Final = 4
_CODE: Final = 3
_KEYS: Final = ("price", "currency", "contract")


class Terms(NamedTuple):
    """What the two agreed on. `price`: of a card, in 1/10000 of the currency (ISO 4217); `salt`: 32 random bytes."""

    price: int
    currency: str
    contract: str
    salt: bytes

    def hash(self) -> bytes:
        """The offer's `terms`. Prices are easily guessed: without the salt their hash would tell them."""
        return sha256(_DOMAIN + self.bytes()).digest()

    def bytes(self) -> bytes:
        """As they are kept."""
        return encode(list(self))

    def written(self) -> str:
        """The price as people write it: at least two decimals."""
        number, rest = divmod(self.price, 10**_PLACES)
        digits = f"{rest:0{_PLACES}}"
        return f"{number}.{digits[:2]}{digits[2:].rstrip('0')}"


def load(text: str, file: str, salt: bytes) -> Secret[Terms]:
    """Terms of a TOML file; `custody.terms_unreadable` names what is wrong with it."""
    try:
        told = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        _refuse(file, str(error))
    if set(told) != set(_KEYS):
        _refuse(file, f"its keys must be {', '.join(_KEYS)}")
    price = told["price"]
    if type(price) not in (int, Decimal):
        _refuse(file, "price is no number")
    scaled = Decimal(price).scaleb(_PLACES)
    if not scaled.is_finite() or not 0 <= scaled <= ANY or scaled != int(scaled):
        _refuse(file, "price is below zero, too high, or has more than four decimals")
    try:
        return Secret(of([int(scaled), told["currency"], told["contract"], salt]))
    except MalformedError as error:
        _refuse(file, str(error))


def of(item: Item) -> Terms:
    """Terms of a decoded row; refuses with `MalformedError`."""
    row = row_of(item, 4)
    currency, contract = row[1], row[2]
    if not (isinstance(currency, str) and len(currency) == _CODE and currency.isascii() and currency.isupper()):
        raise MalformedError("a currency is three capital letters")
    if not isinstance(contract, str) or len(contract) > _MOST_CONTRACT or not _is_plain(contract):
        raise MalformedError("a contract is missing, too long, or has control characters")
    return Terms(whole(row[0]), currency, contract, digest(row[3]))


def parse(kept: bytes) -> Terms:
    """Terms as they were kept; refuses with `MalformedError`."""
    return of(decode(kept, _MOST_BYTES))


def _is_plain(text: str) -> bool:
    return all(one.isprintable() for one in text.replace("\t", " ").splitlines())


def _refuse(file: str, problem: str) -> NoReturn:
    raise InvalidError("custody.terms_unreadable", file=file, problem=problem)
