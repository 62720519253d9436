"""After erasure: old receipts verify, the audit is clean, and no byte of any file gives number or name."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tallyward.custody import disclosure, erasure, identity, lots, real_name, stock, verify_receipt
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.vault_file import VaultFile
from tallyward.custody.audit import audit
from tallyward.custody.card_orders import Lose
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.erasure import Holder
from tallyward.custody.fields import Part
from tallyward.custody.kept import Kept
from tallyward.custody.machine import read
from tallyward.custody.reports import KeyDestroyed
from tallyward.custody.transactions import Accept, ActRequest, Offer, RegisterLot, Transaction
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, LATER, ORIGIN, RULES, START, public, signed
from tests.custody.people import GROUP, LOT_SECRET, NUMBERS, PEOPLE, material, random_of

Open = Callable[[], SqliteLedger]
KEY = NoteKey(ORIGIN, public("log"))


class Story:
    """A ledger on which a shop asked for two cards of a person, and the operator's vault."""

    def __init__(self, ledger: SqliteLedger, folder: Path) -> None:
        self.ledger = ledger
        turns = count()
        self.vault = VaultFile(folder / "vault.db", FixedClock(START))
        self.holder = Holder("OP", ledger.machine.id, KEYS["op"], lambda size: random_of(f"fresh {next(turns)}", size))
        root = lots.commitment("LOT", NUMBERS, LOT_SECRET.reveal())
        cause = self.say(RegisterLot("OP", "LOT", len(NUMBERS), root, "NB-IoT", RULES.id), "op")
        registered = read(self.entry(cause)).hash
        offer = self.say(Offer("OP", "SHOP", (Part("LOT", 0, 20, cause),), LATER, None), "op")
        cause = self.say(Accept("SHOP", read(self.entry(offer)).hash), "shop")
        cards = [real_name.Card("LOT", slot) for slot in (0, 1)]
        proofs = [material(0), material(0)]
        hashes = real_name.hashes(ledger.machine.id, cards, proofs)
        self.request = read(self.entry(self.say(ActRequest("SHOP", (Part("LOT", 0, 2, cause),), hashes), "shop")))
        keys = [Secret(random_of(f"card {one}")) for one in range(2)]
        self.kept = real_name.sealed(ledger.machine.state, self.request, proofs, keys)
        self.vault.keep(self.kept)
        self.token = identity.token(GROUP, real_name.opened(self.request, self.kept[0], KEYS["op-names"]).person)
        self.say(real_name.approval("OP", self.request, [self.token, self.token]), "op-names")
        self.vault.name((one.envelope.id, self.token) for one in self.kept)
        here = stock.context_of(ledger.machine.id, registered)
        sheet = disclosure.whole_lot("LOT", NUMBERS, LOT_SECRET)
        self.own = stock.kept(ledger.machine.state, "OP", here, sheet, Secret(random_of("stock")))
        self.vault.keep([self.own])

    def say(self, one: Transaction, key: str) -> int:
        (answer,) = self.ledger.submit([signed(self.ledger.machine.id, one, key)])
        assert isinstance(answer, int), answer
        return answer

    def entry(self, number: int) -> bytes:
        return next(data for _, data in self.ledger.entries(number, number + 1))

    def tell(self, key: str = "op") -> list[TallywardError]:
        return erasure.tell(self.ledger, self.vault, "OP", lambda one: signed(self.ledger.machine.id, one, key))

    def destroyed(self) -> list[bytes]:
        found = (read(data).transaction for _, data in self.ledger.entries())
        return [one.key for one in found if isinstance(one, KeyDestroyed)]


@pytest.fixture
def story(open_ledger: Open, tmp_path: Path) -> Iterator[Story]:
    made = Story(open_ledger(), tmp_path)
    yield made
    made.vault.close()


def bytes_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def traces(one: Kept) -> list[bytes]:
    body = one.envelope.body
    return [body[at : at + 24] for at in range(0, len(body) - 24, 24)] + [lock.key for lock in one.envelope.locks]


def test_a_person_is_forgotten_and_all_proofs_stay(story: Story, tmp_path: Path) -> None:
    receipts = [story.ledger.receipt(number).text() for number in range(story.ledger.machine.size)]
    copy = tmp_path / "copy.db"
    story.vault.copy_without_keys(copy)
    ids = erasure.erase_person(story.vault, story.token)
    assert sorted(ids) == sorted(one.envelope.id for one in story.kept)
    assert story.tell() == []
    assert sorted(story.destroyed()) == sorted(ids)
    assert (story.tell(), story.vault.untold()) == ([], [])
    for text in receipts:
        assert verify_receipt.verify(text, KEY.text(), [])
    stored = LedgerFile(tmp_path / "ledger.db")
    assert audit(stored, KEY)[0] == []
    stored.close()
    data = bytes_of(tmp_path)
    for words in PEOPLE:
        assert not [word for word in words[1:] if word.encode() in data]
    kept_in_copy = copy.read_bytes()
    without_copy = data.replace(kept_in_copy, b"")
    for one in story.kept:
        assert not [trace for trace in traces(one) if trace in without_copy]
        assert not [lock for lock in one.envelope.locks if lock.key in kept_in_copy]
    story.vault.put_back(copy)
    assert story.vault.of_request(story.request.hash) == []


def test_a_card_is_forgotten_by_its_number_and_salt_too(story: Story, tmp_path: Path) -> None:
    ids = erasure.erase_card(story.ledger.machine.state, story.vault, story.holder, "LOT", 1)
    assert {story.own.envelope.id, story.kept[1].envelope.id} == set(ids)
    data = bytes_of(tmp_path)
    assert not [trace for one in (story.own, story.kept[1]) for trace in traces(one) if trace in data]
    left = [*story.vault.of_card("LOT", 0), *story.vault.of_card("LOT", 19)]
    sheets = [
        stock.sheet_of(story.ledger.machine.id, one, KEYS["op"])
        for one in left
        if one.transaction == story.own.transaction
    ]
    assert [(one.start, one.end) for one in sheets] == [(0, 1), (2, 20)]
    assert {one.run().root() for one in sheets} == {story.ledger.machine.state.lots.rows[b"LOT"].root}
    assert real_name.opened(story.request, story.vault.one(story.kept[0].envelope.id), KEYS["op-names"])
    assert story.tell() == []


def test_what_the_ledger_did_not_take_is_told_again(story: Story) -> None:
    ids = erasure.erase_person(story.vault, story.token)
    assert [one.code for one in story.tell("shop")] == ["custody.signature_invalid"] * 2
    assert sorted(story.vault.untold()) == sorted(ids)
    story.say(KeyDestroyed("OP", ids[0]), "op")  # told before a crash, and the crash came before it was noted
    assert story.tell() == []
    assert sorted(story.destroyed()) == sorted(ids)
    assert story.vault.untold() == []


def test_only_a_card_that_is_over_loses_its_number(story: Story) -> None:
    state = story.ledger.machine.state
    with pytest.raises(TallywardError, match="card_lives"):
        erasure.over(state, "LOT", 5)
    cause = state.spans.at(0, 5).cause
    story.say(Lose("SHOP", (Part("LOT", 5, 6, cause),), "stolen"), "shop")
    erasure.over(state, "LOT", 5)
