"""A secret key in a file of its owner's alone: one line, `tallyward-key:` and 32 octets in base64."""

import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody.adapters.private_file import write_private
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError

_MARK: Final = "tallyward-key:"
_OTHERS: Final = 0o077
_SEED: Final = 32
_MOST: Final = 200


def make_key(path: Path, secret: SigningKey | None = None) -> SigningKey:
    """Write a new key, or one that is there already; refuses to write over a file with `custody.key_exists`."""
    secret = secret or SigningKey.generate()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_private(path, _MARK.encode() + b64encode(bytes(secret)) + b"\n")
    except FileExistsError:
        raise ConflictError("custody.key_exists", file=path.name) from None
    return secret


def read_key(path: Path) -> SigningKey:
    """The key; refuses a file that is not there, that others may read, or that holds no key."""
    try:
        with path.open("rb") as opened:
            mode, data = os.fstat(opened.fileno()).st_mode, opened.read(_MOST)
    except FileNotFoundError:
        raise NotFoundError("custody.no_key", file=path.name) from None
    if mode & _OTHERS:
        raise ForbiddenError("custody.key_open", file=path.name)
    try:
        text = data.decode("ascii").strip()
        seed = b64decode(text.removeprefix(_MARK), validate=True)
    except ValueError:
        seed, text = b"", ""
    if not text.startswith(_MARK) or len(seed) != _SEED:
        raise InvalidError("custody.key_form", file=path.name)
    return SigningKey(seed)
