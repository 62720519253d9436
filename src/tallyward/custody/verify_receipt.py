"""Checks a receipt of a card ledger, offline and alone: this one file, Python 3.11 and PyNaCl (`pip install pynacl`).

    python verify_receipt.py RECEIPT LOG_KEY [WITNESS_KEY ...]
    python verify_receipt.py --equivocation PROOF LOG_KEY

RECEIPT  a file that starts with `c2sp.org/tlog-proof@v1`
PROOF    a file that starts with `tallyward/equivocation@v1`: the log has signed two heads that can't both be true
*_KEY    a key as signed notes write it: name+id+base64; the log's comes from the operator, not with the receipt

It ends with 0 and says what the file proves, or with 1 and says why it proves nothing. It shares no line with the
ledger that made the receipt, on purpose: two programs would have to be wrong in the same way. Format: C2SP tlog-proof,
signed-note, tlog-checkpoint, tlog-cosignature; tree: RFC 9162, 2.1.
"""

import base64
import hashlib
import sys
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey


class Refused(Exception):  # noqa: N818 - it is what the reader is told
    """The receipt proves nothing, and why."""


def verify(text: str, log_key: str, witness_keys: list[str]) -> dict[str, object]:
    """What a receipt proves: `entry`, its `index`, `size` and `origin` of the log, `witnesses` that saw it."""
    proof, gap, note = text.partition("\n\n")
    lines = proof.split("\n")
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Refused("this is no receipt")
    try:
        entry = _bytes(_after("extra ", lines[1]))
        index = _number(_after("index ", lines[2]))
        path = [_bytes(line) for line in lines[3:]]
        head, _, signatures = note.rpartition("\n\n")
        origin, size_text, root_text = head.split("\n")
        size, root = _number(size_text), _bytes(root_text)
    except (ValueError, IndexError) as error:
        raise Refused("the receipt is damaged") from error
    if _climb(entry, index, size, path) != root:
        raise Refused("the entry is not in the log that was signed")
    signed = (head + "\n").encode()
    if _name(log_key) != origin or not _signed(signed, signatures, log_key, 1):
        raise Refused(f"the log {origin} did not sign this with the key that was given")
    seen = [_name(key) for key in witness_keys if _signed(signed, signatures, key, 4)]
    if len(seen) < len(witness_keys):
        raise Refused(f"not all witnesses signed: only {', '.join(seen) or 'none'}")
    return {"entry": entry, "index": index, "size": size, "origin": origin, "witnesses": seen}


def verify_equivocation(text: str, log_key: str) -> dict[str, object]:
    """What two notes prove: `origin` has signed two different `roots` (base64) of one `size`."""
    header, *parts = text.split("\n\n")
    if header != "tallyward/equivocation@v1" or len(parts) != 4:  # noqa: PLR2004 - text and signatures, twice
        raise Refused("this is no proof of two views")
    (one, one_signed), (other, other_signed) = parts[:2], parts[2:]
    try:
        heads = [_head(one), _head(other)]
    except ValueError as error:
        raise Refused("the proof is damaged") from error
    (origin, size, root), (_, _, other_root) = heads
    if heads[0][:2] != heads[1][:2] or root == other_root:
        raise Refused("the two heads do not contradict each other")
    for head, signatures in ((one, one_signed), (other, other_signed)):
        if _name(log_key) != origin or not _signed((head + "\n").encode(), signatures, log_key, 1):
            raise Refused(f"the log {origin} did not sign both with the key that was given")
    return {"origin": origin, "size": size, "roots": [base64.b64encode(one).decode() for one in (root, other_root)]}


def _head(text: str) -> tuple[str, int, bytes]:
    origin, size, root = text.split("\n")
    if len(_bytes(root)) != 32:  # noqa: PLR2004 - SHA-256
        raise ValueError(root)
    return origin, _number(size), _bytes(root)


def _climb(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that the path leads to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Refused("the entry's number is not in the log")
    here = hashlib.sha256(b"\0" + entry).digest()
    last = size - 1
    for beside in path:
        if last == 0:
            raise Refused("the path is too long")
        if index % 2 == 1 or index == last:
            here = hashlib.sha256(b"\1" + beside + here).digest()
            while index % 2 == 0 and index != 0:
                index //= 2
                last //= 2
        else:
            here = hashlib.sha256(b"\1" + here + beside).digest()
        index //= 2
        last //= 2
    if last != 0:
        raise Refused("the path is too short")
    return here


def _signed(head: bytes, signatures: str, key: str, kind: int) -> bool:
    """Whether a key signed the head; kind 1: a log, 4: a witness, whose signature has a time before it."""
    name, public = _name(key), _public(key, kind)
    wanted = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    for line in signatures.splitlines():
        fields = line.split(" ")
        if len(fields) != 3 or fields[0] != "—" or fields[1] != name:  # noqa: PLR2004
            continue
        try:
            data = _bytes(fields[2])
        except ValueError:
            continue
        message, signature = head, data[4:]
        if kind == 4:  # noqa: PLR2004
            seconds, signature = int.from_bytes(data[4:12], "big"), data[12:]
            message = f"cosignature/v1\ntime {seconds}\n".encode() + head
        try:
            VerifyKey(public).verify(message, signature)
        except (CryptoError, ValueError, TypeError):
            continue
        if data[:4] == wanted:
            return True
    return False


def _name(key: str) -> str:
    return key.split("+", 1)[0]


def _public(key: str, kind: int) -> bytes:
    try:
        data = _bytes(key.split("+", 2)[2])
    except (IndexError, ValueError) as error:
        raise Refused(f"the key {key!r} is not name+id+base64") from error
    if len(data) != 33 or data[0] != kind:  # noqa: PLR2004 - a byte of kind, 32 of key
        raise Refused(f"the key of {_name(key)} is of another kind")
    return data[1:]


def _bytes(text: str) -> bytes:
    """Base64 in its one form: no two receipts say the same."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError(text)
    return data


def _number(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError(text)
    return number


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError(word)
    return line.removeprefix(word)


def main(arguments: list[str]) -> int:
    """The command line."""
    lies = arguments[:1] == ["--equivocation"]
    words = arguments[1:] if lies else arguments
    if len(words) < 2 or (lies and len(words) > 2):  # noqa: PLR2004 - a file and a key
        print(__doc__)
        return 2
    try:
        text = Path(words[0]).read_bytes().decode()
        print(_told_lie(text, words[1]) if lies else _told(text, words[1], words[2:]))
    except (OSError, UnicodeDecodeError) as error:
        print(f"REFUSED: the file can not be read: {error}")
        return 1
    except Refused as error:
        print(f"REFUSED: {error}")
        return 1
    return 0


def _told(text: str, log_key: str, witness_keys: list[str]) -> str:
    found = verify(text, log_key, witness_keys)
    entry = found["entry"]
    digest = hashlib.sha256(entry if isinstance(entry, bytes) else b"").hexdigest()
    said = f"PROVEN: entry {found['index']} of {found['size']} in {found['origin']} (sha256 {digest})"
    return f"{said}\n        witnesses: {found['witnesses'] or 'none asked for'}"


def _told_lie(text: str, log_key: str) -> str:
    found = verify_equivocation(text, log_key)
    roots = found["roots"]
    return f"PROVEN: {found['origin']} has signed two different heads of {found['size']} entries: {roots}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
