"""A sale's disclosure under way: sealed by the seller, opened and checked by the buyer before it accepts. Pure.

The operator of the cards and the regulators can open the same envelope; a buyer takes none that shuts them out.
"""

from nacl.signing import SigningKey

from tallyward.custody import disclosure, envelope, readers
from tallyward.custody.disclosure import Disclosure
from tallyward.custody.entry import Entry
from tallyward.custody.envelope import Context, Use
from tallyward.custody.state import State
from tallyward.custody.transactions import Offer
from tallyward.kernel.errors import ForbiddenError, InvalidError
from tallyward.kernel.secret import Secret


def handed_over(state: State, offer: Entry, given: Disclosure, key: Secret[bytes]) -> bytes:
    """The envelope of an offer. `key`: 32 fresh random bytes. Refuses what its buyer would refuse; see `received`."""
    disclosure.check(state, _offer(offer), given)
    return envelope.sealed(given.bytes(), _context(offer), readers.of_transfer(state, _offer(offer)), key).bytes()


def received(state: State, offer: Entry, sent: bytes, secret: SigningKey) -> Disclosure:
    """What an envelope holds for one of its readers, if it is the offer's and true.

    Refuses with the codes of `envelope`, `disclosure.check`, and `custody.readers_differ` where a reader is shut out.
    """
    found = envelope.parse(sent)
    context = _context(offer)
    key = envelope.key_of(found, context, secret)
    if not envelope.locks_hold(found, context, key, readers.of_transfer(state, _offer(offer))):
        raise ForbiddenError("custody.readers_differ")
    given = disclosure.parse(envelope.opened(found, context, key))
    disclosure.check(state, _offer(offer), given)
    return given


def _context(offer: Entry) -> Context:
    return Context(offer.ledger, offer.hash, Use.TRANSFER)


def _offer(entry: Entry) -> Offer:
    if not isinstance(entry.transaction, Offer):
        raise InvalidError("custody.disclosure_form", problem="it belongs to no offer")
    return entry.transaction
