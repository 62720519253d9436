"""Checks a receipt of a card ledger, offline and alone: this one file, Python 3.11 and PyNaCl (`pip install pynacl`).

    python verify_receipt.py RECEIPT LOG_KEY [WITNESS_KEY ...]
    python verify_receipt.py --equivocation PROOF LOG_KEY

RECEIPT  a file that starts with `c2sp.org/tlog-proof@v1`; a carton's paper, which starts with `tallyward-carton v1`; or
         what a reader of QR codes gave, which starts with `TW1:`
PROOF    a file that starts with `tallyward/equivocation@v1`: the log has signed two heads that can't both be true
*_KEY    a key as signed notes write it: name+id+base64; the log's comes from the operator, not with the receipt

It ends with 0 and says what the file proves, or with 1 and says why it proves nothing. It shares no line with the
ledger that made the receipt, on purpose: two programs would have to be wrong in the same way. Format: C2SP tlog-proof,
signed-note, tlog-checkpoint, tlog-cosignature; tree: RFC 9162, 2.1; QR code: RFC 9285 (Base45) over zlib; entry: CBOR.
"""

import base64
import hashlib
import sys
import zlib
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

MOST = 64_000
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


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


def verify_carton(text: str, log_key: str, witness_keys: list[str]) -> dict[str, object]:
    """What a carton's paper proves: as `verify`, and `seller`, `buyer` and `cards` (lot, first slot, last slot)."""
    header, _, rest = text.partition("\n")
    offer_line, _, receipt = rest.partition("\n")
    if header != "tallyward-carton v1":
        raise Refused("this is no carton's paper")
    found = verify(receipt, log_key, witness_keys)
    try:
        body, (said, _) = _bytes(offer_line), _cbor(bytes(found["entry"]))  # type: ignore[call-overload]
        offer_kind, ledger, seller, buyer, parts, *_ = sold = _cbor(body or said)
        kind, same, by, answered = (29, ledger, buyer, None) if sold[0] == 29 else _cbor(said)  # noqa: PLR2004
        cards = [(str(lot), int(start), int(end) - 1) for lot, start, end, _ in parts]
    except (ValueError, TypeError, IndexError) as error:
        raise Refused("the carton's paper is damaged") from error
    sale = not body and offer_kind == kind == 29  # noqa: PLR2004 - numbers of kinds: 2 offer, 4 acceptance, 29 sale
    if not sale and (
        (offer_kind, kind) != (2, 4) or ledger != same or by != buyer or answered != hashlib.sha256(body).digest()
    ):
        raise Refused("the receipt is not of the acceptance of this offer")
    return {**found, "seller": seller, "buyer": buyer, "cards": cards}


def unpacked(content: str) -> str:
    """The text behind a QR code's content."""
    octets = bytearray()
    digits = [BASE45.find(one) for one in content.removeprefix("TW1:").rstrip("\r\n")]
    for at in range(0, len(digits), 3):
        group = digits[at : at + 3]
        number = sum(digit * 45**power for power, digit in enumerate(group))
        if min(group) < 0 or len(group) < 2 or number >= 256 ** (len(group) - 1):  # noqa: PLR2004
            raise Refused("the QR code's content is damaged")
        octets += number.to_bytes(len(group) - 1)
    packed = zlib.decompressobj()
    try:
        text = packed.decompress(bytes(octets), MOST).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise Refused("the QR code's content is damaged") from error
    if not packed.eof or packed.unused_data:
        raise Refused("the QR code's content is damaged")
    return text


def _cbor(data: bytes) -> list:  # type: ignore[type-arg]
    """A CBOR array of whole numbers, bytes, texts, arrays and nothing else (RFC 8949), whole."""
    found, end = _item(data, 0, 8)
    if end != len(data) or not isinstance(found, list):
        raise ValueError("no array")
    return found


def _item(data: bytes, at: int, deep: int) -> tuple[object, int]:
    kind, short = data[at] >> 5, data[at] & 31
    at += 1
    if (kind, short) == (7, 22):
        return None, at
    wide = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    number = int.from_bytes(data[at : at + wide]) if wide else short
    at += wide
    if kind == 0:
        return number, at
    if kind in (2, 3) and at + number <= len(data):
        part = data[at : at + number]
        return (part if kind == 2 else part.decode()), at + number  # noqa: PLR2004
    if kind != 4 or deep == 0 or number > len(data):  # noqa: PLR2004
        raise ValueError("not understood")
    found = []
    for _ in range(number):
        one, at = _item(data, at, deep - 1)
        found.append(one)
    return found, at


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
    if text.startswith("TW1:"):
        text = unpacked(text)
    if text.startswith("tallyward-carton"):
        found = verify_carton(text, log_key, witness_keys)
        cards = ", ".join(f"{lot}:{first}-{last}" for lot, first, last in found["cards"])  # type: ignore[attr-defined]
        return f"PROVEN: {found['seller']} handed {cards} to {found['buyer']}\n{_line(found)}"
    return f"PROVEN: {_line(verify(text, log_key, witness_keys)).lstrip()}"


def _line(found: dict[str, object]) -> str:
    entry = found["entry"]
    digest = hashlib.sha256(entry if isinstance(entry, bytes) else b"").hexdigest()
    said = f"        entry {found['index']} of {found['size']} in {found['origin']} (sha256 {digest})"
    return f"{said}\n        witnesses: {found['witnesses'] or 'none asked for'}"


def _told_lie(text: str, log_key: str) -> str:
    found = verify_equivocation(text, log_key)
    roots = found["roots"]
    return f"PROVEN: {found['origin']} has signed two different heads of {found['size']} entries: {roots}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
