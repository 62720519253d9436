"""Who a person is, in one form, and the token that stands for the person on the ledger. Pure.

A token is HMAC-SHA-256 over kind and number of the document, cut to `transactions.PERSON` bytes, under a key that only
the operators of one group have. It counts a person's cards across them without telling who it is. Whoever has the key
can test a guess, and identity numbers are few enough to guess them all: the key is as precious as the numbers.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tallyward.custody.codec import encode
from tallyward.custody.transactions import PERSON
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.secret import Secret

GROUP_KEY: Final = 32
"""Bytes of the operators' key for tokens."""
CITIZEN: Final = "cn-id"
"""居民身份证: 17 digits and a check character (GB 11643-1999)."""
DOCUMENTS: Final = (CITIZEN, "cn-residence", "hk-mo-permit", "tw-permit", "foreign-permit", "cn-unit")
"""Documents by kind; beside them `passport-` and the country's three letters (ISO 3166-1)."""
_PASSPORT: Final = re.compile(r"passport-[A-Z]{3}")
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,32}")
_DOMAIN: Final = b"tallyward person v1\0"
_LONGEST_NAME: Final = 128


@dataclass(frozen=True, slots=True)
class Identity:
    """A person by document; see `of`."""

    document: str
    number: Secret[str]
    name: Secret[str]


def of(document: str, number: str, name: str) -> Identity:
    """An identity in its one form: full-width letters, spaces, hyphens and small letters make no other person.

    Refuses with `custody.identity_invalid`, which tells the kind of document and nothing else.
    """
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()
    called = " ".join(unicodedata.normalize("NFKC", name).split())
    known = document in DOCUMENTS or _PASSPORT.fullmatch(document)
    sound = _NUMBER.fullmatch(plain) and (document != CITIZEN or _is_citizen(plain))
    if not (known and sound and 0 < len(called) <= _LONGEST_NAME and called.isprintable()):
        raise InvalidError("custody.identity_invalid", document=document[:16] if known else "?")
    return Identity(document, Secret(plain), Secret(called))


def token(group: Secret[bytes], person: Identity) -> bytes:
    """What stands for a person on the ledger."""
    if len(group.reveal()) != GROUP_KEY:
        raise ValueError("the key for tokens has 32 bytes")
    said = _DOMAIN + encode([person.document, person.number.reveal()])
    return hmac.digest(group.reveal(), said, sha256)[:PERSON]


def _is_citizen(number: str) -> bool:
    """Whether the check character fits (ISO 7064, MOD 11-2)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]
