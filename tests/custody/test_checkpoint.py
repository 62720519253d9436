"""Notes as C2SP writes them: what is signed, what is refused."""

from base64 import b64decode

import pytest
from nacl.signing import SigningKey

from tallyward.custody import checkpoint
from tallyward.custody.checkpoint import WITNESS, Checkpoint, NoteKey, SignedCheckpoint
from tallyward.custody.codec import MalformedError

SECRET = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(32))
HEAD = Checkpoint("ledger.example/cards", 7, bytes(32))
KEY = NoteKey(HEAD.origin, bytes(SECRET.verify_key))


def note() -> SignedCheckpoint:
    """A head signed by its log and a witness."""
    found = SignedCheckpoint(HEAD, (checkpoint.sign(HEAD, HEAD.origin, SECRET),))
    return found.with_signature(checkpoint.cosign(HEAD, "witness.example", OTHER, 1_700_000_000))


def test_a_note_reads_as_it_was_written() -> None:
    text = note().note()
    assert text.startswith(f"ledger.example/cards\n7\n{'A' * 43}=\n\n— ledger.example/cards ")
    assert checkpoint.parse(text) == note()


def test_the_reference_key_of_signed_notes() -> None:
    # The key of the Go checksum database, as its documentation prints it: name+id+base64(1, public key).
    name, key_id, data = "sum.golang.org", "033de0ae", "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert NoteKey(name, b64decode(data)[1:]).id.hex() == key_id


def test_signatures_hold_for_their_head_key_and_kind_only() -> None:
    witness = NoteKey("witness.example", bytes(OTHER.verify_key), WITNESS)
    assert note().signed_by([KEY, witness]) == [KEY, witness]
    assert note().time_of(witness) == 1_700_000_000
    assert note().time_of(KEY) is None
    assert not note().signed_by([NoteKey(KEY.name, bytes(OTHER.verify_key)), NoteKey("other", KEY.public)])
    assert not note().signed_by([NoteKey("witness.example", bytes(OTHER.verify_key))])
    moved = SignedCheckpoint(Checkpoint(HEAD.origin, 8, HEAD.root), note().signatures)
    assert not moved.signed_by([KEY, witness])


def test_a_newer_cosignature_takes_the_place_of_the_older() -> None:
    again = note().with_signature(checkpoint.cosign(HEAD, "witness.example", OTHER, 1_800_000_000))
    assert len(again.signatures) == 2


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no note",
        note().note().replace("\n7\n", "\n07\n"),
        note().note().replace("\n7\n", "\n-7\n"),
        note().note().replace("\n7\n", "\n7\nextra\n"),
        note().note().replace("\n7\n", f"\n{'9' * 5000}\n"),
        note().note().replace("AAAA", "AA!A", 1),
        note().note().replace("AAAA", "", 1),
        note().note().replace("— ", "- "),
        note().note()[:-1],
        note().note().split("\n\n")[0] + "\n\n",
        note().note() * 900,
    ],
)
def test_what_is_no_note_is_refused(broken: str) -> None:
    with pytest.raises(MalformedError):
        checkpoint.parse(broken)
