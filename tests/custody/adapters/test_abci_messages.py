"""Questions and answers have the numbers of ABCI 2.0. Golden bytes: of gogoproto's own encoding in CometBFT 0.38.25."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tallyward.custody.adapters import abci_messages as abci
from tallyward.custody.adapters.abci_messages import Ask, parse_request
from tallyward.custody.adapters.abci_wire import message
from tallyward.custody.codec import MalformedError


def request(ask: Ask, *fields: tuple[int, int | bytes | str | list[bytes]]) -> bytes:
    return message((int(ask), [message(*fields)]))


def test_a_block_as_it_is_asked_for() -> None:
    found = parse_request(
        request(
            Ask.FINALIZE_BLOCK,
            (1, [b"one", b"", b"two"]),
            (4, bytes(32)),
            (5, 7),
            (6, message((1, 1_700_000_000), (2, 5))),
        )
    )
    assert (found.ask, found.all(1), found.number(5), found.time(6)) == (
        Ask.FINALIZE_BLOCK,
        [b"one", b"", b"two"],
        7,
        1_700_000_000,
    )


def test_what_is_not_there_is_zero() -> None:
    found = parse_request(request(Ask.QUERY))
    assert (found.data(1), found.text(2), found.number(3), found.all(9)) == (b"", "", 0, [])


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        message((1, 5)),
        message((4, [b""])),
        message((2, [b""]), (3, [b""])),
        b"\x0a\xff",
        message((int(Ask.CHECK_TX), [b"\x0a\x09"])),
    ],
)
def test_what_is_no_request(frame: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_request(frame)


def test_fields_of_another_type() -> None:
    found = parse_request(request(Ask.QUERY, (1, 5), (2, b"\xff"), (3, b"x")))
    for call in (lambda: found.data(1), lambda: found.text(2), lambda: found.number(3), lambda: found.all(1)):
        with pytest.raises(MalformedError):
            call()


@given(some.binary(max_size=300))
def test_bytes_of_strangers(frame: bytes) -> None:
    try:
        found = parse_request(frame)
    except MalformedError:
        return
    assert found.ask in Ask


@pytest.mark.parametrize(
    ("said", "golden"),
    [
        (abci.answer(Ask.FLUSH), "1a00"),
        (abci.answer(Ask.ECHO, message((1, "hi"))), "12040a026869"),
        (abci.exception("no"), "0a040a026e6f"),
        (abci.answer(Ask.INFO, abci.info("d", "v", 3, b"\x01\x02")), "220c0a016412017620032a020102"),
        (abci.answer(Ask.CHECK_TX, abci.result(2, b"", "no")), "4a0608021a026e6f"),
        (abci.answer(Ask.COMMIT), "6200"),
        (abci.answer(Ask.PREPARE_PROPOSAL, abci.proposal([b"a", b"", b"b"])), "8a01080a01610a000a0162"),
        (abci.answer(Ask.PROCESS_PROPOSAL, abci.verdict(abci.ACCEPT)), "9201020801"),
        (
            abci.answer(
                Ask.FINALIZE_BLOCK,
                abci.finalized([abci.result(0, b"n"), abci.result(0)], {b"\x07": 1, b"\x06": 0}, b"h"),
            ),
            "aa011a120312016e12001a050a030a01061a070a030a010710012a0168",
        ),
        (abci.answer(Ask.INIT_CHAIN, abci.init_chain({b"\x07": 1}, b"h")), "320c12070a030a010710011a0168"),
        (abci.answer(Ask.QUERY, abci.query(4, b"v", 4, "l")), "3a0a08041a016c3a01764804"),
        (abci.answer(Ask.LIST_SNAPSHOTS), "6a00"),
        (
            abci.answer(Ask.LIST_SNAPSHOTS, abci.snapshots(abci.snapshot(7, 1, 2, b"h", b"m"))),
            "6a0e0a0c0807100118022201682a016d",
        ),
        (abci.answer(Ask.LOAD_SNAPSHOT_CHUNK, abci.chunk(b"c")), "7a030a0163"),
        (abci.answer(Ask.APPLY_SNAPSHOT_CHUNK, abci.again(0, "p")), "82010808031201001a0170"),
        (abci.answer(Ask.APPLY_SNAPSHOT_CHUNK, abci.again(300, "p")), "82010908031202ac021a0170"),
        (abci.answer(Ask.OFFER_SNAPSHOT, abci.verdict(3)), "72020803"),
        (abci.answer(Ask.LOAD_SNAPSHOT_CHUNK), "7a00"),
        (abci.answer(Ask.APPLY_SNAPSHOT_CHUNK, abci.verdict(2)), "8201020802"),
        (abci.answer(Ask.EXTEND_VOTE), "9a0100"),
        (abci.answer(Ask.VERIFY_VOTE_EXTENSION, abci.verdict(abci.ACCEPT)), "a201020801"),
    ],
)
def test_answers_are_encoded_as_cometbft_reads_them(said: bytes, golden: str) -> None:
    assert said.hex() == golden
