"""A sale's disclosure under way: sealed by the seller, opened and checked by the buyer before it takes the cards. Pure.

The operator of the cards and the regulators can open the same envelope; a buyer takes none that shuts them out. As it
is sent: the offer or sale and its envelope (`entry_post`).
"""

from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody import disclosure, entry_post, envelope, readers
from tallyward.custody.codec import MOST_BYTES, MalformedError
from tallyward.custody.disclosure import Disclosure
from tallyward.custody.entry import Entry
from tallyward.custody.envelope import Context, Use
from tallyward.custody.fields import data
from tallyward.custody.state import State
from tallyward.custody.transactions import Deal, Offer, Sale
from tallyward.kernel.errors import ForbiddenError, InvalidError, TallywardError
from tallyward.kernel.secret import Secret

HEADER: Final = b"tallyward handover v1\n"
MOST: Final = envelope.MOST_BYTES + MOST_BYTES + 128 * 1024
"""Bytes of the largest one."""


class Opened(NamedTuple):
    """What an envelope holds. `for_all`: everybody who may read it by the ledger's keys of now can."""

    given: Disclosure
    for_all: bool


def handed_over(state: State, deal: Entry, given: Disclosure, key: Secret[bytes]) -> bytes:
    """The envelope of an offer or sale. `key`: 32 fresh random bytes. Refuses what its buyer would; see `received`."""
    one = deal_of(deal)
    disclosure.check(state, one, given)
    return envelope.sealed(given.bytes(), _context(deal), readers.of_transfer(state, one), key).bytes()


def received(state: State, deal: Entry, sent: bytes, secret: SigningKey) -> Disclosure:
    """What an envelope holds for one of its readers, if it is the deal's and true, and shuts nobody out.

    Refuses with the codes of `opened`, and `custody.readers_differ` where a reader is shut out.
    """
    found = opened(state, deal, sent, secret)
    if not found.for_all:
        raise ForbiddenError("custody.readers_differ")
    return found.given


def opened(state: State, deal: Entry, sent: bytes, secret: SigningKey) -> Opened:
    """The same of an envelope of any time: keys that came after it can't open it.

    Refuses with the codes of `envelope` and `disclosure.check`.
    """
    one, context, found = deal_of(deal), _context(deal), envelope.parse(sent)
    key = envelope.key_of(found, context, secret)
    given = disclosure.parse(envelope.opened(found, context, key))
    disclosure.check(state, one, given)
    try:
        now = readers.of_transfer(state, one)
    except TallywardError:  # somebody is no member any more
        return Opened(given, for_all=False)
    return Opened(given, envelope.locks_hold(found, context, key, now))


def packed(deal: Entry, sent: bytes) -> bytes:
    """An envelope as it is sent, with what it belongs to."""
    return entry_post.packed(HEADER, deal, sent, MOST)


def unpacked(file: bytes) -> tuple[Entry, bytes]:
    """(offer or sale, its signatures unknown; envelope); refuses with `custody.envelope_malformed`."""
    deal, sent = entry_post.unpacked(HEADER, file, MOST, "custody hand-over")
    try:
        return deal, data(sent)
    except MalformedError as error:
        raise InvalidError("custody.envelope_malformed", problem=str(error)) from error


def deal_of(entry: Entry) -> Deal:
    """The offer or sale that an entry is; refuses others with `custody.disclosure_form`."""
    if not isinstance(entry.transaction, Offer | Sale):
        raise InvalidError("custody.disclosure_form", problem="it belongs to no offer or sale")
    return entry.transaction


def _context(deal: Entry) -> Context:
    return Context(deal.ledger, deal.hash, Use.TRANSFER)
