"""What proves who a card's user is, on its way from the point of sale to the operator, off the ledger. Pure.

The point of sale puts a salted hash for each card into its request (ACT_REQUEST) and seals the material of each card,
under a data key of its own, for the operator's real-name keys. The operator opens it, checks that it was hashed, and
approves: a bit and a person's token a card (RN_APPROVE). Nobody else reads it, the point of sale included.

Where the two have platforms of their own the request is sent with its envelopes (`entry_post`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody import entry_post, envelope, identity, readers
from tallyward.custody.codec import MOST_BYTES, Item, MalformedError, decode, encode
from tallyward.custody.entry import Entry
from tallyward.custody.envelope import Context, Envelope, Use
from tallyward.custody.fields import HASH, data, digest, listed, row_of, text
from tallyward.custody.identity import Identity
from tallyward.custody.kept import Kept
from tallyward.custody.refusals import lot_of
from tallyward.custody.state import State
from tallyward.custody.transactions import ActRequest, RnApprove
from tallyward.kernel.errors import InvalidError, TallywardError, TooLargeError
from tallyward.kernel.secret import Secret

MOST_EVIDENCE: Final = 900_000
"""Bytes of pictures or credentials with one card."""
HEADER: Final = b"tallyward real names v1\n"
MOST: Final = envelope.MOST_BYTES + MOST_BYTES
"""Bytes of the largest request's material as it is sent."""
_DOMAIN: Final = b"tallyward real name v1\0"


class Card(NamedTuple):
    """A card as the ledger knows it."""

    lot: str
    slot: int


@dataclass(frozen=True, slots=True)
class Material:
    """What proves a person. `evidence`: pictures, a credential; `salt`: 32 fresh random bytes."""

    person: Identity
    evidence: Secret[bytes]
    salt: Secret[bytes]

    def plain(self) -> bytes:
        """To be sealed."""
        if len(self.evidence.reveal()) > MOST_EVIDENCE:
            raise TooLargeError("custody.envelope_too_large", size=len(self.evidence.reveal()), most=MOST_EVIDENCE)
        return encode(self._row())

    def hash(self, ledger: bytes, card: Card) -> bytes:
        """What the ledger gets of it. Identity numbers are few: without the salt their hashes would tell them."""
        if len(self.salt.reveal()) != HASH:
            raise ValueError("a salt has 32 bytes")
        return sha256(_DOMAIN + encode([ledger, card.lot, card.slot, self._row()])).digest()

    def _row(self) -> list[Item]:
        person = self.person
        return [
            person.document,
            person.number.reveal(),
            person.name.reveal(),
            self.evidence.reveal(),
            self.salt.reveal(),
        ]


def hashes(ledger: bytes, cards: Sequence[Card], materials: Sequence[Material]) -> bytes:
    """`ActRequest.material` for cards in the request's order."""
    return b"".join(one.hash(ledger, card) for card, one in zip(cards, materials, strict=True))


def cards_of(request: ActRequest) -> list[Card]:
    """The cards of a request in its order."""
    return [Card(part.lot, slot) for part in request.parts for slot in range(part.start, part.end)]


def sealed(state: State, asked: Entry, materials: Sequence[Material], keys: Sequence[Secret[bytes]]) -> list[Kept]:
    """The material of a signed request, sealed for the operator. `keys`: 32 fresh random bytes a card.

    Refuses with `custody.material_differs` what is not what the request hashes.
    """
    request = _request(asked)
    cards = cards_of(request)
    if hashes(asked.ledger, cards, materials) != request.material:
        raise InvalidError("custody.material_differs", lot=cards[0].lot, slot=cards[0].slot)
    publics = readers.of_real_names(state, lot_of(state, cards[0].lot).operator)
    given = zip(materials, keys, strict=True)
    return _kept(asked, [envelope.sealed(one.plain(), _context(asked), publics, key) for one, key in given])


def packed(asked: Entry, given: Sequence[Kept]) -> bytes:
    """The sealed material of a request, as it is sent; refuses too much with `custody.envelope_too_large`."""
    return entry_post.packed(HEADER, asked, [one.envelope.bytes() for one in given], MOST)


def unpacked(file: bytes, asked: Entry) -> list[Kept]:
    """The same, at the operator's: of this request, in its order; nothing in it is opened yet.

    Refuses with `custody.envelope_malformed` or, what belongs to another request, `custody.material_other`.
    """
    found, beside = entry_post.unpacked(HEADER, file, MOST, "custody request --out")
    if found.hash != asked.hash:
        raise InvalidError("custody.material_other", found=found.hash.hex()[:16], request=asked.hash.hex()[:16])
    try:
        sent = [envelope.parse(data(one)) for one in listed(beside)]
    except MalformedError as error:
        raise InvalidError("custody.envelope_malformed", problem=str(error)) from error
    if len(sent) != len(cards_of(_request(asked))):
        raise InvalidError("custody.envelope_malformed", problem="a card has no envelope, or two")
    return _kept(asked, sent)


def _kept(asked: Entry, sent: Sequence[Envelope]) -> list[Kept]:
    cards = enumerate(zip(cards_of(_request(asked)), sent, strict=True))
    return [Kept(one, Use.REAL_NAME, lot, slot, slot + 1, asked.hash, place) for place, ((lot, slot), one) in cards]


def opened(asked: Entry, one: Kept, secret: SigningKey) -> Material:
    """One card's material, by the operator, if it is what the request hashes; else `custody.material_differs`."""
    request = _request(asked)
    cards = cards_of(request)
    if not 0 <= one.place < len(cards) or cards[one.place] != (one.lot, one.start):
        raise InvalidError("custody.material_differs", lot=one.lot, slot=one.start)
    context = _context(asked)
    plain = envelope.opened(one.envelope, context, envelope.key_of(one.envelope, context, secret))
    found = _parsed(plain)
    at = one.place * HASH
    if found is None or found.hash(asked.ledger, cards[one.place]) != request.material[at : at + HASH]:
        raise InvalidError("custody.material_differs", lot=one.lot, slot=one.start)
    return found


def approval(operator: str, asked: Entry, persons: Sequence[bytes | None]) -> RnApprove:
    """The operator's answer. `persons`: for each card in the request's order its person's token; None: not approved."""
    bits = sum(1 << place for place, person in enumerate(persons) if person is not None)
    approved = bits.to_bytes((len(persons) + 7) // 8, "little")
    return RnApprove(operator, asked.hash, approved, b"".join(one for one in persons if one is not None))


def _parsed(plain: bytes) -> Material | None:
    """Material, if it is some and its identity is in its one form."""
    try:
        row = row_of(decode(plain), 5)
        person = identity.of(text(row[0]), text(row[1]), str(row[2]))
        found = Material(person, Secret(data(row[3])), Secret(digest(row[4])))
    except (MalformedError, TallywardError):
        return None
    return found if found.plain() == plain else None


def _context(asked: Entry) -> Context:
    return Context(asked.ledger, asked.hash, Use.REAL_NAME)


def _request(entry: Entry) -> ActRequest:
    if not isinstance(entry.transaction, ActRequest):
        raise InvalidError("custody.material_differs", lot="?", slot=0)
    return entry.transaction
