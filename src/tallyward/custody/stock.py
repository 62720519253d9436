"""A holder's own list of cards, sealed for itself, and how one card is taken out of it for good. Pure.

A card's number and salt are erased by puncture (`salt_tree.without`): the list is sealed anew without them under new
data keys, and the old data key is destroyed. What former holders and the operator keep of that card is theirs to erase.
"""

from collections.abc import Callable

from nacl.signing import SigningKey

from tallyward.custody import disclosure, envelope, readers
from tallyward.custody.disclosure import Disclosure, Sheet
from tallyward.custody.envelope import Context, Use
from tallyward.custody.kept import Kept
from tallyward.custody.state import State
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.secret import Secret


def kept(state: State, holder: str, context: Context, sheet: Sheet, key: Secret[bytes]) -> Kept:
    """A sheet for the holder's vault. `context`: how it got the cards; `key`: 32 fresh random bytes."""
    sent = envelope.sealed(Disclosure(None, (sheet,)).bytes(), context, readers.of_stock(state, holder), key)
    return Kept(sent, Use.STOCK, sheet.lot, sheet.start, sheet.end, context.transaction)


def sheet_of(ledger: bytes, one: Kept, secret: SigningKey) -> Sheet:
    """The sheet again, by the holder."""
    context = context_of(ledger, one.transaction)
    key = envelope.key_of(one.envelope, context, secret)
    found = disclosure.parse(envelope.opened(one.envelope, context, key)).sheets
    if len(found) != 1 or (found[0].lot, found[0].start, found[0].end) != (one.lot, one.start, one.end):
        raise InvalidError("custody.envelope_damaged")
    return found[0]


def without(
    state: State, holder: str, ledger: bytes, one: Kept, secret: SigningKey, slot: int, fresh: Callable[[int], bytes]
) -> list[Kept]:
    """What takes the place of a kept sheet when one of its cards is erased. `fresh`: so many random bytes."""
    context = context_of(ledger, one.transaction)
    left = sheet_of(ledger, one, secret).without(slot)
    return [kept(state, holder, context, sheet, Secret(fresh(envelope.KEY))) for sheet in left]


def context_of(ledger: bytes, transaction: bytes) -> Context:
    """The context of stock that came by a transaction."""
    return Context(ledger, transaction, Use.STOCK)
