"""What a node answers CometBFT: the same on every node, and never by a transaction that nobody has said."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tallyward.custody.adapters.abci_application import Application, Proven
from tallyward.custody.adapters.abci_messages import ACCEPT, REJECT, Ask
from tallyward.custody.adapters.abci_wire import message
from tallyward.custody.entry import Signature, entry_of, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.receipt import parse
from tallyward.custody.transactions import Accept, KeyAdd, Offer
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, NOW
from tests.custody.validators import (
    VALIDATORS,
    answered,
    application,
    begun,
    block,
    codes,
    collected,
    decided,
    genesis,
    lot,
    said,
    vote_key,
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    """A node whose chain has begun."""
    found = application(tmp_path)
    begun(found)
    yield found
    found.close()


def forged(data: bytes) -> bytes:
    """An entry with a signature of nobody."""
    one = parse_entry(data)
    return entry_of(one.body, (Signature(one.signatures[0].key, bytes(64)),))


def test_the_chain_begins_with_the_ledgers_first_entry(tmp_path: Path) -> None:
    app = application(tmp_path)
    assert answered(app, Ask.INFO) == {1: [b"tallyward-custody"], 2: [b"1"]}
    found = begun(app)
    assert found[3] == [app.ledger.root]
    keys = [collected(bytes(collected(bytes(one))[1][0]))[1][0] for one in found[2] if isinstance(one, bytes)]
    assert keys == sorted(vote_key(one) for one in VALIDATORS)
    app.close()
    app = application(tmp_path)  # killed before the first block: CometBFT begins again
    assert begun(app) == found
    app.close()


def test_a_chain_that_is_none_of_ours(tmp_path: Path) -> None:
    app = application(tmp_path)
    for state in (b"", b"{}", b'{"genesis": 5}', b'{"genesis": "?"}', b"[" * 9999):
        with pytest.raises(TallywardError, match="genesis_invalid"):
            answered(app, Ask.INIT_CHAIN, (5, state))
    with pytest.raises(TallywardError, match="wrong_ledger"):
        begun(app, chain="another")
    block(app, 1, lot("A"))
    with pytest.raises(TallywardError, match="ledger_exists"):
        begun(app)
    app.close()


def test_a_node_that_has_not_begun_refuses(tmp_path: Path) -> None:
    app = application(tmp_path)
    assert answered(app, Ask.CHECK_TX, (1, lot("A")))[1] == [4]
    assert answered(app, Ask.PROCESS_PROPOSAL, (1, [lot("A")])) == {1: [REJECT]}
    with pytest.raises(TallywardError, match="no_ledger"):
        answered(app, Ask.COMMIT)


def test_transactions_are_checked_before_they_wait(app: Application) -> None:
    block(app, 1, lot("A"))
    assert answered(app, Ask.CHECK_TX, (1, lot("B"))) == {}
    for data in (lot("A"), forged(lot("B")), b"nonsense", bytes(1_000_001), genesis()):
        assert answered(app, Ask.CHECK_TX, (1, data))[1][0] in (2, 3, 5)


def test_a_proposal_with_a_forged_transaction_is_rejected(app: Application) -> None:
    good, bad = [lot("A"), lot("B")], forged(lot("C"))
    assert answered(app, Ask.PROCESS_PROPOSAL, (1, good)) == {1: [ACCEPT]}
    assert answered(app, Ask.PROCESS_PROPOSAL, (1, [*good, bad])) == {1: [REJECT]}
    assert answered(app, Ask.PREPARE_PROPOSAL, (1, 1000), (2, [good[0], bad, b"", good[1]])) == {1: good}


def test_a_forged_transaction_in_a_decided_block_leaves_no_entry(app: Application) -> None:
    answered(app, Ask.CHECK_TX, (1, lot("B")))  # its true signature is known by now
    found = block(app, 1, lot("A"), forged(lot("B")), lot("A"))
    assert codes(found) == [0, 3, 5]
    assert app.ledger.machine.size == 4


def test_a_double_sale_stands_in_a_block_and_is_refused_there(app: Application) -> None:
    block(app, 1, lot("A"))
    part = Part("A", 0, 5, 2)
    offers = [said(Offer("OP", buyer, (part,), LATER, None), "op") for buyer in ("RES", "SHOP")]
    assert [answered(app, Ask.CHECK_TX, (1, one)) for one in offers] == [{}, {}]
    assert answered(app, Ask.PROCESS_PROPOSAL, (1, offers)) == {1: [ACCEPT]}
    assert codes(block(app, 2, *offers)) == [0, 5]
    assert answered(app, Ask.CHECK_TX, (1, offers[1]), (2, 1))[1] == [5]


def test_nodes_that_are_asked_in_other_ways_decide_alike(tmp_path: Path) -> None:
    roots = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        app = application(folder)
        begun(app)
        for height in range(1, 5):
            entries = [lot(f"{height}-{one}") for one in range(height)] + [forged(lot("X"))]
            if number:
                answered(app, Ask.CHECK_TX, (1, entries[0]))
                answered(app, Ask.PROCESS_PROPOSAL, (1, entries[:-1]))
            if number == 2:
                decided(app, height, *entries[:1])
                answered(app, Ask.INFO)
            found = block(app, height, *entries)
        roots.append((found, app.ledger.root, app.ledger.head()))
        app.close()
    assert roots[0] == roots[1] == roots[2]


def test_a_node_killed_between_deciding_and_keeping_is_given_the_block_again(tmp_path: Path) -> None:
    app = application(tmp_path)
    begun(app)
    block(app, 1, lot("A"))
    lost = decided(app, 2, lot("B"))
    app.close()
    app = application(tmp_path)
    assert answered(app, Ask.INFO)[4] == [1]
    assert block(app, 2, lot("B")) == lost
    assert answered(app, Ask.INFO)[5] == [app.ledger.root] == lost[5]
    app.close()


def test_validator_updates_follow_the_governors(app: Application) -> None:
    found = block(app, 1, said(KeyAdd("SHOP", vote_key("SHOP"), 32, None, 0), "op", "op2", "regulator"))
    assert found[3] == [message((1, [message((1, vote_key("SHOP")))]), (2, 1))]


def test_questions_of_anybody(app: Application) -> None:
    data = lot("A")
    block(app, 1, data, forged(lot("B")))
    assert answered(app, Ask.QUERY, (2, "/head"))[7] == [app.ledger.head().note().encode()]
    receipt = parse(bytes(answered(app, Ask.QUERY, (2, "/receipt/2"))[7][0]).decode())
    assert receipt.holds
    assert receipt.entry == data
    status = json.loads(bytes(answered(app, Ask.QUERY, (2, "status"))[7][0]))
    votes = {vote_key(one).hex(): one for one in VALIDATORS}
    assert status == {"blocks": 2, "size": 4, "root": app.ledger.machine.state.root().hex(), "votes": votes}
    for path in (
        "",
        "/receipt/9",
        "/receipt/x",
        "/receipt/" + "9" * 40,
        "/result/" + "0" * 64,
        "/result/x",
        "/x" * 900,
    ):
        assert answered(app, Ask.QUERY, (2, path))[1] == [4]


def test_the_result_of_a_transaction_is_told(app: Application) -> None:
    taken, refused = lot("A"), forged(lot("B"))
    block(app, 1, taken, refused)
    told = [
        json.loads(bytes(answered(app, Ask.QUERY, (2, f"result/{sha256(one).hexdigest()}"))[7][0]))
        for one in (taken, refused)
    ]
    assert answered(app, Ask.CHECK_TX, (1, taken))[1] == [5]
    assert json.loads(bytes(answered(app, Ask.QUERY, (2, f"result/{sha256(taken).hexdigest()}"))[7][0])) == told[0]
    assert told[0] == [0, 2, ""]
    assert told[1][0] == 3
    assert "signature_invalid" in told[1][2]


def test_what_may_not_wait_is_told_and_what_waits_has_no_result(app: Application) -> None:
    block(app, 1, lot("A"))
    offer = said(Offer("RES", "SHOP", (Part("A", 0, 5, 2),), LATER, None), "reseller")
    path = f"result/{sha256(offer).hexdigest()}"
    assert answered(app, Ask.QUERY, (2, path))[1] == [4]
    answered(app, Ask.CHECK_TX, (1, offer))
    assert "custody.not_holder" in json.loads(bytes(answered(app, Ask.QUERY, (2, path))[7][0]))[2]
    offer = said(Offer("OP", "RES", (Part("B", 0, 5, 4),), LATER, None), "op")
    path = f"result/{sha256(offer).hexdigest()}"
    assert answered(app, Ask.QUERY, (2, path))[1] == [4]
    block(app, 2, offer)
    assert "custody.lot_unknown" in json.loads(bytes(answered(app, Ask.QUERY, (2, path))[7][0]))[2]
    block(app, 3, lot("B"))
    answered(app, Ask.CHECK_TX, (1, offer))
    assert answered(app, Ask.QUERY, (2, path))[1] == [4]
    block(app, 4, offer)
    assert json.loads(bytes(answered(app, Ask.QUERY, (2, path))[7][0])) == [0, 6, ""]


def test_what_comes_before_the_block_it_rests_on_waits_in_its_order(app: Application) -> None:
    offer, rival = (said(Offer("OP", buyer, (Part("A", 0, 5, 2),), LATER, None), "op") for buyer in ("RES", "SHOP"))
    taken = said(Accept("RES", parse_entry(offer).hash), "reseller")
    further = said(Offer("RES", "SHOP", (Part("A", 0, 5, 5),), LATER, None), "reseller")
    assert [answered(app, Ask.CHECK_TX, (1, one)) for one in (offer, taken, rival)] == [{}] * 3
    block(app, 1, lot("A"))
    assert answered(app, Ask.CHECK_TX, (1, further)) == {}  # it cites an entry that is to come
    assert [answered(app, Ask.CHECK_TX, (1, one), (2, 1)) for one in (offer, taken, rival, further)] == [{}] * 4
    assert codes(block(app, 2, offer, taken, rival)) == [0, 0, 5]
    assert answered(app, Ask.CHECK_TX, (1, further)) == {}
    assert answered(app, Ask.CHECK_TX, (1, rival), (2, 1))[1] == [5]


def test_what_stood_in_a_block_does_not_wait_early_again(app: Application) -> None:
    early = said(Offer("OP", "RES", (Part("A", 0, 5, 2),), LATER, None), "op")
    assert answered(app, Ask.CHECK_TX, (1, early)) == {}
    assert codes(block(app, 1, early, lot("B"))) == [4, 0]
    assert answered(app, Ask.CHECK_TX, (1, early))[1] == [4]
    block(app, 2, lot("A"))
    early = said(Offer("OP", "RES", (Part("A", 0, 5, 4),), LATER, None), "op")
    block(app, 3, early, accept := said(Accept("RES", parse_entry(early).hash), "reseller"))
    assert answered(app, Ask.CHECK_TX, (1, accept))[1] == [4]  # its offer is settled: anybody may say it once more


def test_a_short_ledger_offers_no_snapshot_and_takes_none(app: Application) -> None:
    block(app, 1, lot("A"))
    assert answered(app, Ask.LIST_SNAPSHOTS) == answered(app, Ask.LOAD_SNAPSHOT_CHUNK) == {}
    assert answered(app, Ask.OFFER_SNAPSHOT) == {1: [2]}


def test_no_vote_extensions(app: Application) -> None:
    assert answered(app, Ask.EXTEND_VOTE) == {}
    assert answered(app, Ask.VERIFY_VOTE_EXTENSION) == {1: [ACCEPT]}
    assert answered(app, Ask.VERIFY_VOTE_EXTENSION, (4, b"x")) == {1: [REJECT]}
    assert answered(app, Ask.ECHO, (1, "hello")) == {1: [b"hello"]}


def test_a_validator_that_was_caught_is_logged(app: Application) -> None:
    caught = message((1, 1), (2, message((1, bytes(20)), (2, 1))), (3, 5))
    found = answered(app, Ask.FINALIZE_BLOCK, (1, [lot("A")]), (3, [caught]), (5, 1), (6, message((1, NOW))))
    assert codes(found) == [0]


def test_only_as_many_signatures_are_remembered() -> None:
    proven = Proven(2)
    entries = [parse_entry(lot(name)) for name in "ABC"]
    for one in entries:
        proven.add(one)
    held = [(one.signatures[0].key, one.signatures[0].value, one.body) in proven for one in entries]
    assert held == [False, True, True]
    assert "nothing" not in proven
