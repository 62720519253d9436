"""Envelopes open for their readers, in their place, as they were sealed; nothing else does."""

import random
from dataclasses import replace

import pytest

from tallyward.custody import envelope
from tallyward.custody.codec import Item, encode
from tallyward.custody.entry import key_id
from tallyward.custody.envelope import Context, Envelope, Use
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, public

PLAIN = b"89860400000000000001 at 3.20 CNY"
HERE = Context(b"l" * 16, b"t" * 32, Use.TRANSFER)
KEY = Secret(bytes(range(32)))
READERS = [public("op"), public("reseller"), public("regulator")]
SENT = envelope.sealed(PLAIN, HERE, READERS, KEY)


def opened(sent: Envelope, who: str, context: Context = HERE) -> bytes:
    return envelope.opened(sent, context, envelope.key_of(sent, context, KEYS[who]))


def code(attempt: object, *given: object) -> str:
    with pytest.raises(TallywardError) as caught:
        attempt(*given)  # type: ignore[operator]
    assert PLAIN.decode() not in str(caught.value)
    return caught.value.code


def test_each_reader_opens_it_and_nobody_else() -> None:
    back = envelope.parse(SENT.bytes())
    assert back == SENT
    assert {opened(back, who) for who in ("op", "reseller", "regulator")} == {PLAIN}
    assert code(opened, back, "stranger") == "custody.envelope_not_yours"
    assert PLAIN not in SENT.bytes()


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(ledger=b"m" * 16),
        HERE._replace(transaction=b"u" * 32),
        HERE._replace(use=Use.REAL_NAME),
    ],
)
def test_it_opens_in_no_other_place(elsewhere: Context) -> None:
    assert code(opened, SENT, "op", elsewhere) == "custody.envelope_damaged"
    assert code(envelope.opened, SENT, elsewhere, KEY) == "custody.envelope_damaged"


def test_a_lock_moved_to_another_reader_opens_nothing() -> None:
    first, second = SENT.locks[:2]
    swapped = (first._replace(sender=second.sender, key=second.key), second._replace(reader=first.reader))
    for lock in swapped:
        for who in ("op", "reseller", "regulator"):
            with pytest.raises(TallywardError):
                opened(replace(SENT, locks=(lock,)), who)


def test_any_bit_flipped_is_found() -> None:
    whole = SENT.bytes()
    chance = random.Random(5)
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        answers = set()
        for who in ("op", "reseller", "regulator"):
            try:
                answers.add(opened(envelope.parse(changed), who))
            except TallywardError as error:
                answers.add(error.code.encode())
        assert any(answer.startswith(b"custody.") for answer in answers), at
        assert all(answer.startswith(b"custody.") or answer == PLAIN for answer in answers), at


def test_readers_can_check_that_all_others_can_read() -> None:
    assert envelope.locks_hold(SENT, HERE, KEY, READERS[::-1])
    assert not envelope.locks_hold(SENT, HERE, KEY, READERS[:2])
    assert not envelope.locks_hold(SENT, HERE, KEY, [*READERS, public("shop")])
    broken = replace(SENT, locks=(SENT.locks[0]._replace(key=bytes(48)), *SENT.locks[1:]))
    assert not envelope.locks_hold(broken, HERE, KEY, READERS)


def test_two_readers_cannot_be_shown_two_texts() -> None:
    other = envelope.sealed(b"at 9.90 CNY", HERE, READERS, Secret(bytes(32)))
    two_faced = replace(SENT, locks=(SENT.locks[0], *other.locks[1:]))
    answers = [envelope.key_of(two_faced, HERE, KEYS[who]) for who in _readers_of(SENT.locks[0].reader)]
    assert [envelope.opened(two_faced, HERE, key) for key in answers] == [PLAIN]
    for who in {"op", "reseller", "regulator"} - set(_readers_of(SENT.locks[0].reader)):
        assert code(opened, two_faced, who) == "custody.envelope_damaged"
    assert code(opened, replace(two_faced, id=other.id), _readers_of(SENT.locks[0].reader)[0])


def _readers_of(reader: bytes) -> list[str]:
    return [who for who in ("op", "reseller", "regulator") if key_id(public(who)) == reader]


def test_what_is_no_envelope_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    locks: list[list[Item]] = [list(one) for one in SENT.locks]
    row: list[Item] = [SENT.id, SENT.body]
    for bad in (
        b"",
        encode([]),
        encode([*row, []]),
        encode([*row, [list(locks[0]), list(locks[0])]]),
        encode([*row, [[b"short", *locks[0][1:]]]]),
        encode([*row, [[bytes([one] * 8), *locks[0][1:]] for one in range(80)]]),
        SENT.bytes() + b"\0",
    ):
        assert code(envelope.parse, bad) == "custody.envelope_malformed"
    assert code(envelope.sealed, PLAIN, HERE, [], KEY) == "custody.envelope_readers"
    assert code(envelope.sealed, PLAIN, HERE, [bytes(32)], KEY) == "custody.envelope_readers"
    monkeypatch.setattr(envelope, "MOST_BYTES", 10)
    assert code(envelope.sealed, PLAIN, HERE, READERS, KEY) == "custody.envelope_too_large"
    assert code(envelope.parse, bytes(100_000)) == "custody.envelope_too_large"
    with pytest.raises(ValueError, match="32 bytes"):
        envelope.sealed(b"", HERE, READERS, Secret(b"short"))
