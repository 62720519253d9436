"""Each cell of the table in docs/custody-privacy.md, tried with the keys of its role.

Attackers are given more than they have: every envelope that was sent, the whole vault file, and the right guess.
"""

from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from tallyward.custody import disclosure, envelope, handover, identity, lots, real_name
from tallyward.custody.codec import decode
from tallyward.custody.disclosure import Disclosure, Sheet
from tallyward.custody.entry import Entry, key_id
from tallyward.custody.envelope import Context, Use
from tallyward.custody.fields import Member, Part
from tallyward.custody.kept import Kept
from tallyward.custody.machine import Machine, read
from tallyward.custody.real_name import Card
from tallyward.custody.sale_terms import Terms
from tallyward.custody.salt_tree import salts
from tallyward.custody.transactions import (
    Accept,
    ActRequest,
    KeyAdd,
    MemberAdd,
    Offer,
    RegisterLot,
    Sale,
    Transaction,
)
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, LATER, RULES, genesis, public, signed
from tests.custody.people import GROUP, PEOPLE, material, random_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "custody-privacy.md"
LOT, COUNT = "LOT-7F3A", 20
NUMBERS = [f"898604C{one:013d}" for one in range(COUNT)]
SECRET = Secret(random_of("lot"))
KEYS_OF = {
    "member": ["unit"],
    "seller": ["reseller"],
    "buyer": ["new"],
    "point of sale": ["shop"],
    "operator": ["op", "op-names"],
    "regulator": ["regulator"],
    "consumer": [],
    "outsider": ["stranger"],
}
ROWS = (
    "lots, counts, holders, states, times, commitments",
    "card numbers of a sale",
    "price and contract of a sale",
    "real-name material in the vault",
    "token of a person",
    "whose token it is",
)
ZH = {"可": "yes", "否": "no", "本方": "own", "须授权密钥": "with a key"}
AT_ONCE = 1
"""The second of the sales has no offer."""
OFF_THE_LEDGER = ("consumer", "outsider")


@dataclass
class Sold:
    """An offer or sale at once, and what went with it."""

    deal: Entry
    sent: bytes
    numbers: list[str]
    terms: Terms


class World:
    """An operator sells to a reseller, that to another, that to a shop; a person gets cards there."""

    def __init__(self, *, regulator_has_key: bool) -> None:
        self.machine = Machine(genesis())
        self.entries = [genesis()]
        self.sales: dict[str, Sold] = {}
        turn = 0
        self.say(MemberAdd(Member("RES2", "reseller", "Second", ((public("new"), 1),)), turn), "op", "op2", "regulator")
        if regulator_has_key:
            self.say(KeyAdd("REG", public("watch-names"), 2, None, turn + 1), "op", "op2", "regulator")
        root = lots.commitment(LOT, NUMBERS, SECRET.reveal())
        cause = self.say(RegisterLot("OP", LOT, COUNT, root, "NB-IoT", RULES.id), "op")
        mine = disclosure.whole_lot(LOT, NUMBERS, SECRET)
        for number, (seller, buyer, key, other, start, end) in enumerate(
            (
                ("OP", "RES", "op", "reseller", 0, 18),
                ("RES", "RES2", "reseller", "new", 5, 15),
                ("RES2", "SHOP", "new", "shop", 6, 9),
            )
        ):
            cause, mine = self.sold(number, (seller, key), (buyer, other), Part(LOT, start, end, cause), mine)
        part = Part(LOT, 6, 8, cause)
        cards = [Card(LOT, 6), Card(LOT, 7)]
        proofs = [material(0), material(0)]
        asked = ActRequest("SHOP", (part,), real_name.hashes(self.machine.id, cards, proofs))
        self.say(asked, "shop")
        self.request = read(self.entries[-1])
        keys = [Secret(random_of(f"card {one}")) for one in range(2)]
        self.kept = real_name.sealed(self.machine.state, self.request, proofs, keys)
        self.token = identity.token(GROUP, proofs[0].person)
        self.say(real_name.approval("OP", self.request, [self.token, self.token]), "op-names")

    def say(self, one: Transaction, *keys: str) -> int:
        entry = signed(self.machine.id, one, *keys)
        self.entries.append(entry)
        return self.machine.take(self.machine.judge(read(entry), self.machine.time))

    def sold(
        self, number: int, seller: tuple[str, str], buyer: tuple[str, str], part: Part, mine: Sheet
    ) -> tuple[int, Sheet]:
        terms = Terms(30_000 + number, "CNY", f"contract {number}", random_of(f"terms {number}"))
        at_once = number == AT_ONCE
        if at_once:
            cause = self.say(Sale(seller[0], buyer[0], (part,), terms.hash()), seller[1], buyer[1])
        else:
            self.say(Offer(seller[0], buyer[0], (part,), LATER, terms.hash()), seller[1])
        deal = read(self.entries[-1])
        given = Disclosure(Secret(terms), (mine.within(part.start, part.end),))
        sent = handover.handed_over(self.machine.state, deal, given, Secret(random_of(f"sale {number}")))
        theirs = handover.received(self.machine.state, deal, sent, KEYS[buyer[1]])
        self.sales[f"sale {number}"] = Sold(deal, sent, NUMBERS[part.start : part.end], terms)
        if not at_once:
            cause = self.say(Accept(buyer[0], deal.hash), buyer[1])
        return cause, theirs.sheets[0]

    def has(self, role: str) -> bytes:
        """All bytes that a role has, sealed things included."""
        wire = b"".join([sale.sent for sale in self.sales.values()] + [one.envelope.bytes() for one in self.kept])
        return wire if role in OFF_THE_LEDGER else wire + b"".join(self.entries)

    def strings(self, role: str) -> list[bytes]:
        """All strings of 32 bytes that might be a salt or key: every place of all that it has, and what is easily made."""
        data = self.has(role)
        return [bytes(32), sha256().digest(), b""] + [data[at : at + 32] for at in range(len(data) - 31)]


@cache
def world(*, regulator_has_key: bool = False) -> World:
    KEYS.setdefault("watch-names", type(KEYS["op"])(random_of("watch-names")))
    return World(regulator_has_key=regulator_has_key)


def cracked(sent: envelope.Envelope, context: Context, keys: list[str]) -> bytes | None:
    """What an envelope gives to some keys, each tried on every lock."""
    for key, lock in product(keys, sent.locks):
        mine = lock._replace(reader=key_id(public(key)))
        try:
            found = envelope.key_of(replace(sent, locks=(mine,)), context, KEYS[key])
            return envelope.opened(sent, context, found)
        except TallywardError:
            continue
    return None


def sales_read(role: str, here: World) -> dict[str, Disclosure]:
    found = {}
    for name, sale in here.sales.items():
        context = Context(here.machine.id, sale.deal.hash, Use.TRANSFER)
        plain = cracked(envelope.parse(sale.sent), context, KEYS_OF[role])
        if plain is not None:
            found[name] = disclosure.parse(plain)
    return found


def word(found: int, of: int) -> str:
    return "no" if not found else "yes" if found == of else "own"


def materials_read(keys: list[str], here: World) -> int:
    context = Context(here.machine.id, here.request.hash, Use.REAL_NAME)
    plains = [cracked(one.envelope, context, keys) for one in here.kept]
    assert all(plain is None or PEOPLE[0][1].encode() in plain for plain in plains)
    return sum(plain is not None for plain in plains)


def tried(row: str, role: str) -> str:
    """What a role can read of a kind of thing, by trying."""
    here = world()
    if row == ROWS[0]:
        said = [LOT.encode(), b"RES2", lots.commitment(LOT, NUMBERS, SECRET.reveal())]
        return word(sum(one in here.has(role) for one in said), len(said))
    if row in ROWS[1:3]:
        found = sales_read(role, here)
        for name, given in found.items():
            numbers = [one for sheet in given.sheets for one in sheet.numbers.reveal()]
            assert numbers == here.sales[name].numbers
            assert given.terms
            assert given.terms.reveal() == here.sales[name].terms
        return word(len(found), len(here.sales))
    if row == ROWS[3]:
        if materials_read(KEYS_OF[role], here):
            return "yes"
        with_key = world(regulator_has_key=True)
        return "with a key" if role == "regulator" and materials_read(["watch-names"], with_key) else "no"
    if row == ROWS[4]:
        return word(here.token in here.has(role), 1)
    keys = [GROUP.reveal()] if role == "operator" else here.strings(role)
    person = identity.of(*PEOPLE[0])
    return word(any(identity.token(Secret(key), person) == here.token for key in keys if len(key) == 32), 1)


def tables() -> list[list[list[str]]]:
    """The tables of the document that have a column for each role: rows of cells."""
    found: list[list[list[str]]] = [[]]
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [
        [row for row in table if set(row[0]) != {"-"}] for table in found if table and len(table[0]) == len(KEYS_OF) + 1
    ]


def test_the_document_has_the_table_in_both_languages() -> None:
    english, chinese = tables()
    assert english[0][1:] == list(KEYS_OF)
    assert tuple(row[0] for row in english[1:]) == ROWS
    assert [[ZH[cell] for cell in row[1:]] for row in chinese[1:]] == [row[1:] for row in english[1:]]


@pytest.mark.parametrize("row", ROWS)
def test_each_cell_is_what_the_role_can_read(row: str) -> None:
    english = tables()[0]
    cells = next(one for one in english if one[0] == row)[1:]
    assert {role: tried(row, role) for role in KEYS_OF} == dict(zip(KEYS_OF, cells, strict=True))


def test_a_party_reads_its_own_sales_and_no_other() -> None:
    here = world()
    assert set(sales_read("seller", here)) == {"sale 0", "sale 1"}
    assert set(sales_read("buyer", here)) == {"sale 1", "sale 2"}
    assert set(sales_read("point of sale", here)) == {"sale 2"}


def test_a_sale_opens_exactly_the_cards_handed_over() -> None:
    (sheet,) = sales_read("buyer", world())["sale 1"].sheets
    every = dict(salts(disclosure.whole_lot(LOT, NUMBERS, SECRET).seeds.reveal()))
    assert dict(salts(sheet.seeds.reveal())) == {slot: every[slot] for slot in range(5, 15)}


@pytest.mark.parametrize("role", ["member", "seller", "buyer", "point of sale", "consumer", "outsider"])
def test_a_right_guess_of_a_card_number_cannot_be_checked(role: str) -> None:
    """Slot 19 was never sold. The attacker knows its number, and even the leaf that it must hash to."""
    here = world()
    leaves = lots.leaves(LOT, NUMBERS, disclosure.whole_lot(LOT, NUMBERS, SECRET).seeds.reveal())
    known = [
        salt
        for given in sales_read(role, here).values()
        for one in given.sheets
        for _, salt in salts(one.seeds.reveal())
    ]
    guesses = [*here.strings(role), *known]
    assert leaves[19] not in {lots.card_leaf(LOT, 19, salt, NUMBERS[19]) for salt in guesses}
    assert sha256(NUMBERS[19].encode()).digest() not in here.has(role)


@pytest.mark.parametrize("role", ["member", "point of sale", "consumer", "outsider"])
def test_right_guesses_of_price_and_person_cannot_be_checked(role: str) -> None:
    here = world()
    sale = here.sales["sale 0"]
    assert isinstance(sale.deal.transaction, Offer)
    asked = here.request.transaction
    assert isinstance(asked, ActRequest)
    for salt in here.strings(role):
        if len(salt) == 32:
            assert sale.terms._replace(salt=salt).hash() != sale.deal.transaction.terms
            guess = replace(material(0), salt=Secret(salt))
            assert guess.hash(here.machine.id, Card(LOT, 6)) != asked.material[:32]


def test_nothing_readable_is_in_what_everybody_has() -> None:
    here = world()
    data = here.has("member")
    for text in [*NUMBERS, "contract 0", *PEOPLE[0][1:]]:
        assert text.encode() not in data
    assert decode(here.entries[-1])
    assert all(isinstance(one, Kept) for one in here.kept)
