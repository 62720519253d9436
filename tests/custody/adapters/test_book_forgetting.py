"""A card that the books forgot is in no byte of them, and all other cards can still be shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.custody import lots, merkle
from tallyward.custody.adapters.book_forgetting import BookForgetting
from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.disclosure import of_book
from tallyward.custody.salt_tree import covering, salts, whole
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import START

NUMBERS = [f"898604D{one:013d}" for one in range(300)]
SECRET = bytes(range(32))
LEAVES = lots.leaves("LOT", NUMBERS, [whole(SECRET, 300)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    books = LotBooks(tmp_path / "books.db")
    books.add("LOT", NUMBERS, Secret(SECRET))
    books.add("OTHER", NUMBERS[:2], Secret(bytes(32)))
    books.close()
    return tmp_path / "books.db"


@pytest.fixture
def forgetting(path: Path) -> Iterator[BookForgetting]:
    found = BookForgetting(path, FixedClock(START))
    yield found
    found.close()


def raw(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob("books.db*"))


def test_numbers_and_salts_are_gone_and_the_rest_is_shown(path: Path, forgetting: BookForgetting) -> None:
    readers = LotBooks(path)
    gone = {40, 41, 299}
    assert NUMBERS[40].encode() in raw(path)
    assert SECRET in raw(path)
    assert forgetting.forget("LOT", [40, 299]) == [LEAVES[40], LEAVES[299]]
    assert forgetting.forget("LOT", [41]) == [LEAVES[41]]
    data = raw(path)
    assert SECRET not in data
    every = dict(salts([whole(SECRET, 300)]))
    for slot in gone:
        assert NUMBERS[slot].encode() not in data
        assert every[slot] not in data
        assert readers.find(NUMBERS[slot]) is None
    seeds = forgetting.seeds("LOT").reveal()
    known = dict(salts(seeds))
    assert not gone & set(known)
    again = [
        lots.card_leaf("LOT", slot, known[slot], readers.numbers("LOT", slot, slot + 1)[0])
        if slot not in gone
        else leaf
        for slot, leaf in enumerate(LEAVES)
    ]
    assert merkle.root_of(again) == merkle.root_of(LEAVES)
    with pytest.raises(ValueError, match="do not open"):
        covering(seeds, 40, 41)
    assert readers.numbers("LOT", 38, 43) == [*NUMBERS[38:40], "", "", NUMBERS[42]]
    book = readers.book("LOT")
    (sheet,) = of_book("LOT", book, (42, 60))
    assert sheet.run().root() == merkle.root_of(LEAVES)
    assert sheet.numbers.reveal() == NUMBERS[42:60]
    with pytest.raises(TallywardError, match="no_book"):
        of_book("LOT", book, (39, 42))
    assert readers.find(NUMBERS[0]) == ("OTHER", 0)
    assert forgetting.seeds("OTHER").reveal() == [whole(bytes(32), 2)]
    readers.close()


def test_what_is_not_there_forgets_nothing(path: Path, forgetting: BookForgetting) -> None:
    forgetting.forget("LOT", [7])
    for lot, slots in (("LOT", [8, 7]), ("LOT", [300]), ("NONE", [0])):
        with pytest.raises(TallywardError, match="no_book"):
            forgetting.forget(lot, slots)
    assert NUMBERS[8].encode() in raw(path)
    assert forgetting.untold() == [LEAVES[7]]
    forgetting.told([LEAVES[7]])
    assert forgetting.untold() == []
    with pytest.raises(TallywardError, match="no_book"):
        BookForgetting(path.with_name("none.db"), FixedClock(START))


def test_a_full_disk_forgets_nothing(path: Path, forgetting: BookForgetting) -> None:
    db = forgetting._db
    db.execute("CREATE TRIGGER full BEFORE INSERT ON forgotten BEGIN INSERT INTO filler VALUES (zeroblob(900000)); END")
    db.execute("CREATE TABLE filler (data BLOB)")
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 2}")
    with pytest.raises(TallywardError, match="vault_not_durable"):
        forgetting.forget("LOT", [7])
    assert NUMBERS[7].encode() in raw(path)
    assert SECRET in raw(path)
    assert forgetting.untold() == []
    assert forgetting.seeds("LOT").reveal() == [whole(SECRET, 300)]
