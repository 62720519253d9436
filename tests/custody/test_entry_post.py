import pytest

from tallyward.custody import entry_post
from tallyward.kernel.errors import InvalidError, TooLargeError
from tests.custody.people import asked, in_shop

ENTRY, _ = asked(*in_shop())
HEADER = b"a test v1\n"
MOST = 10_000


def test_what_is_sent_comes_back_with_its_entry() -> None:
    entry, beside = entry_post.unpacked(HEADER, entry_post.packed(HEADER, ENTRY, [b"x", 5], MOST), MOST, "it")
    assert (entry.hash, entry.transaction, beside) == (ENTRY.hash, ENTRY.transaction, [b"x", 5])
    assert entry.signatures == ()


def test_nothing_is_written_that_would_not_be_read() -> None:
    with pytest.raises(TooLargeError, match="envelope_too_large"):
        entry_post.packed(HEADER, ENTRY, bytes(MOST), MOST)


def test_other_bytes_are_refused() -> None:
    sent = entry_post.packed(HEADER, ENTRY, b"x", MOST)
    for spoilt in (b"", sent[1:], sent[:-1], sent + b"x", HEADER, HEADER + bytes(MOST + 1)):
        with pytest.raises(InvalidError, match="envelope_malformed"):
            entry_post.unpacked(HEADER, spoilt, MOST, "it")
