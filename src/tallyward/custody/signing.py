"""Putting a transaction into the bytes that a ledger takes. Pure."""

from nacl.signing import SigningKey

from tallyward.custody.entry import DOMAIN, Signature, body_of, entry_of, key_id
from tallyward.custody.transactions import Transaction


def signed(ledger: bytes, one: Transaction, *secrets: SigningKey) -> bytes:
    """The entry of a transaction on a ledger, signed by some keys. `ledger`: its id; empty for the first entry."""
    return countersigned(body_of(ledger, one), *secrets)


def countersigned(body: bytes, *secrets: SigningKey) -> bytes:
    """The entry of a body that was made before: several hands may sign it one after another."""
    made = tuple(Signature(key_id(bytes(one.verify_key)), one.sign(DOMAIN + body).signature) for one in secrets)
    return entry_of(body, made)
