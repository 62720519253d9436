import sqlite3
from pathlib import Path

import pytest

from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.lots import leaves
from tallyward.custody.salt_tree import whole
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret


def test_numbers_are_found_by_slot_and_slots_by_number(tmp_path: Path) -> None:
    books = LotBooks(tmp_path / "books.db")
    books.add("A", ["1", "2", "3"], Secret(b"a" * 32))
    books.add("B", ["3", "4"], Secret(b"b" * 32))
    assert books.find("2") == ("A", 1)
    assert books.find("3") == ("B", 0), "of recycled numbers the newest lot counts"
    assert books.find("5") is None
    assert books.numbers("A", 1, 3) == ["2", "3"]
    found = books.book("B")
    assert found.numbers.reveal() == {0: "3", 1: "4"}
    assert found.leaves("B") == leaves("B", ["3", "4"], [whole(b"b" * 32, 2)])
    books.close()
    again = LotBooks(tmp_path / "books.db")
    assert again.find("4") == ("B", 1)
    again.drop("B")
    assert again.find("4") is None
    assert again.find("3") == ("A", 2)
    assert (tmp_path / "books.db").stat().st_mode & 0o077 == 0


def test_a_book_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    books = LotBooks(tmp_path / "books.db")
    books.add("A", ["1"], Secret(b"a" * 32))
    with pytest.raises(TallywardError, match="lot_exists"):
        books.add("A", ["2"], Secret(b"a" * 32))
    with pytest.raises(sqlite3.Error):
        books.add("C", ["7", None], Secret(b"c" * 32))  # type: ignore[list-item]  # what fails in the middle
    assert books.find("7") is None
    assert books.find("2") is None
    for ask in (lambda: books.numbers("A", 0, 2), lambda: books.numbers("Z", 0, 1), lambda: books.book("Z")):
        with pytest.raises(TallywardError, match="no_book"):
            ask()


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "books.db").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(TallywardError, match="file_unreadable"):
        LotBooks(tmp_path / "books.db")
