"""The vault: what it keeps nobody reads, what it erased nobody finds, whatever happens in the middle."""

import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tallyward.custody import disclosure, real_name, stock
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.vault_file import VaultFile
from tallyward.custody.kept import Kept
from tallyward.custody.receipt import Receipt, parse
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS, START
from tests.custody.people import LOT_SECRET, NUMBERS, PEOPLE, asked, in_shop, random_of

MACHINE, CAUSE = in_shop()
REQUEST, KEPT = asked(MACHINE, CAUSE)
TOKEN = b"p" * 12
Open = Callable[[], VaultFile]


@pytest.fixture
def open_vault(tmp_path: Path) -> Iterator[Open]:
    """Opens the test's vault anew."""
    opened: list[VaultFile] = []

    def open_it() -> VaultFile:
        while opened:
            opened.pop().close()
        opened.append(VaultFile(tmp_path / "vault.db", FixedClock(START)))
        return opened[0]

    yield open_it
    while opened:
        opened.pop().close()


def raw(folder: Path) -> bytes:
    """All bytes of all files of a folder."""
    return b"".join(one.read_bytes() for one in sorted(folder.iterdir()))


def refusal(attempt: Callable[..., object], *given: object) -> str:
    with pytest.raises(TallywardError) as caught:
        attempt(*given)
    return caught.value.code


def traces(one: Kept) -> list[bytes]:
    """What must be nowhere after its erasure."""
    return [one.envelope.body[at : at + 24] for at in range(0, len(one.envelope.body) - 24, 24)] + [
        lock.key for lock in one.envelope.locks
    ]


def test_it_keeps_and_finds_again(open_vault: Open, tmp_path: Path) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    vault.keep(KEPT)
    vault.name([(KEPT[0].envelope.id, TOKEN)])
    vault = open_vault()
    named = replace(KEPT[0], person=TOKEN)
    assert vault.of_request(REQUEST.hash) == [named, *KEPT[1:]]
    assert vault.of_card("LOT", 1) == [KEPT[1]]
    assert vault.of_person(TOKEN) == [named]
    assert vault.one(KEPT[2].envelope.id) == KEPT[2]
    assert real_name.opened(REQUEST, KEPT[0], KEYS["op-names"]).person.number.reveal() == PEOPLE[0][1]
    assert refusal(vault.one, bytes(32)) == "custody.material_unknown"
    for file in tmp_path.glob("vault.db*"):
        assert not file.stat().st_mode & 0o077 or file.name.endswith(".lock")


def test_a_data_key_is_for_one_thing(open_vault: Open) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    vault.name([(KEPT[0].envelope.id, TOKEN)])
    vault.keep(KEPT)
    twice = replace(KEPT[0], envelope=replace(KEPT[0].envelope, body=b"other"))
    assert refusal(vault.keep, [twice]) == "custody.material_kept"
    assert refusal(vault.erase, [KEPT[1].envelope.id], [twice]) == "custody.material_kept"
    assert vault.of_request(REQUEST.hash) == [replace(KEPT[0], person=TOKEN), *KEPT[1:]]


def test_no_file_holds_a_readable_word(open_vault: Open, tmp_path: Path) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    vault.copy_without_keys(tmp_path / "copy.db")
    for words in PEOPLE:
        for word in words[1:]:
            assert word.encode() not in raw(tmp_path)


def test_what_was_erased_is_in_no_byte_of_any_file(open_vault: Open, tmp_path: Path) -> None:
    vault = open_vault()
    sheet = disclosure.whole_lot("LOT", NUMBERS, LOT_SECRET)
    own = stock.kept(MACHINE.state, "OP", stock.context_of(MACHINE.id, bytes(32)), sheet, Secret(random_of("own")))
    vault.keep([*KEPT, own])
    before = raw(tmp_path)
    assert all(one in before for one in traces(KEPT[1]) + traces(own))
    left = stock.without(MACHINE.state, "OP", MACHINE.id, own, KEYS["op"], 1, lambda size: random_of("new", size))
    vault.erase([KEPT[1].envelope.id, own.envelope.id], left[:1])
    after = raw(tmp_path)
    assert not [one for one in traces(KEPT[1]) + traces(own) if one in after]
    assert refusal(vault.one, KEPT[1].envelope.id) == "custody.material_erased"
    assert refusal(vault.keep, [KEPT[1]]) == "custody.material_erased"
    assert vault.of_card("LOT", 1) == []
    assert [one.start for one in vault.of_card("LOT", 0)] == [0, 0]
    assert vault.of_request(REQUEST.hash) == [KEPT[0], KEPT[2]]


def test_destroyed_keys_wait_until_the_ledger_has_them(open_vault: Open) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    ids = [one.envelope.id for one in KEPT]
    vault.erase(ids[:2])
    vault.erase(ids[:1])
    assert sorted(open_vault().untold()) == sorted(ids[:2])
    vault = open_vault()
    vault.told(ids[:1])
    assert vault.untold() == ids[1:2]


def test_a_copy_opens_nothing_and_brings_nothing_back_that_was_erased(open_vault: Open, tmp_path: Path) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    copy = tmp_path / "copy.db"
    vault.copy_without_keys(copy)
    assert not copy.stat().st_mode & 0o077
    for one in KEPT:
        assert one.envelope.body in copy.read_bytes()
        assert not [lock for lock in one.envelope.locks if lock.key in copy.read_bytes()]
    vault.erase([KEPT[0].envelope.id])
    with vault._transaction() as db:
        db.execute("DELETE FROM kept WHERE id = ?", (KEPT[1].envelope.id,))
    vault.put_back(copy)
    assert vault.of_request(REQUEST.hash) == KEPT[1:]
    assert refusal(vault.copy_without_keys, copy) == "custody.ledger_exists"


def test_receipts_hold_after_erasure(open_ledger: Callable[[], SqliteLedger], open_vault: Open) -> None:
    ledger = open_ledger()
    receipt: Receipt = ledger.receipt(0)
    vault = open_vault()
    vault.keep(KEPT)
    vault.erase([one.envelope.id for one in KEPT])
    assert parse(receipt.text()).holds
    assert REQUEST.transaction.material  # type: ignore[attr-defined]  # the leaf stays, and means nothing any more


def test_a_full_disk_keeps_and_erases_nothing(open_vault: Open) -> None:
    vault = open_vault()
    vault.keep(KEPT[:1])
    db = vault._db
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    big = [replace(KEPT[1], envelope=replace(KEPT[1].envelope, body=bytes(200_000)))]
    assert refusal(vault.keep, big) == "custody.vault_not_durable"
    assert refusal(vault.erase, [KEPT[0].envelope.id], big) == "custody.vault_not_durable"
    assert vault.of_request(REQUEST.hash) == KEPT[:1]
    assert vault.untold() == []
    db.execute("PRAGMA max_page_count = 100000")
    vault.keep(big)


def test_files_that_others_read_hold_or_broke_are_refused(open_vault: Open, tmp_path: Path) -> None:
    open_vault()
    assert refusal(VaultFile, tmp_path / "vault.db", FixedClock(START)) == "custody.vault_busy"
    loose = tmp_path / "loose.db"
    loose.touch(mode=0o644)
    loose.chmod(0o644)
    assert refusal(VaultFile, loose, FixedClock(START)) == "custody.file_too_open"
    broken = tmp_path / "broken.db"
    broken.touch(mode=0o600)
    broken.write_bytes(b"no database" * 1000)
    assert refusal(VaultFile, broken, FixedClock(START)) == "custody.file_unreadable"


def test_any_byte_flipped_never_gives_other_material(open_vault: Open, tmp_path: Path) -> None:
    vault = open_vault()
    vault.keep(KEPT)
    good = [real_name.opened(REQUEST, one, KEYS["op-names"]).plain() for one in KEPT]
    vault.close()
    path = tmp_path / "vault.db"
    whole = path.read_bytes()
    chance = random.Random(3)
    refused = 0
    for _ in range(250):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        try:
            vault = VaultFile(path, FixedClock(START))
        except TallywardError:
            refused += 1
            continue
        try:
            for one in vault.of_request(REQUEST.hash):
                assert real_name.opened(REQUEST, one, KEYS["op-names"]).plain() == good[one.place], at
        except TallywardError:
            refused += 1
        finally:
            vault.close()
    path.write_bytes(whole)
    assert refused > 10


def test_nothing_of_a_person_is_logged(open_vault: Open, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        vault = open_vault()
        vault.keep(KEPT)
        logging.getLogger("test").debug("%r %s", KEPT, real_name.opened(REQUEST, KEPT[0], KEYS["op-names"]))
        for attempt in (lambda: vault.one(bytes(32)), lambda: real_name.opened(REQUEST, KEPT[0], KEYS["op"])):
            with pytest.raises(TallywardError) as caught:
                attempt()
            logging.getLogger("test").error("refused", exc_info=caught.value)
    assert "refused" in caplog.text
    assert not [word for _, *words in PEOPLE for word in words if word in caplog.text]


WORKER = """
import sys
sys.path.insert(0, sys.argv[2])
from dataclasses import replace
from pathlib import Path
from tests.custody.adapters.test_vault_file import KEPT
from tests.custody.chain import START
from tallyward.custody.adapters.vault_file import VaultFile
from tallyward.kernel.clock import FixedClock
from hashlib import sha256
vault = VaultFile(Path(sys.argv[1]), FixedClock(START))
turn = int(sys.argv[3])
def pair(number):
    ids = [sha256(f"{number} {one}".encode()).digest() for one in range(2)]
    return [replace(KEPT[0], place=number, envelope=replace(KEPT[0].envelope, id=one, body=one * 400)) for one in ids]
while True:
    vault.keep(pair(turn))
    print("kept", turn, flush=True)
    if turn % 3:
        vault.erase([one.envelope.id for one in pair(turn)])
        print("erased", turn, flush=True)
    turn += 1
"""


def test_kill_9_leaves_everything_or_nothing(open_vault: Open, tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    chance = random.Random(2)
    kept: set[int] = set()
    erased: set[int] = set()
    unsure: set[int] = set()
    for turn in range(6):
        words = [sys.executable, "-c", WORKER, str(path), str(Path(__file__).parents[3]), str(turn * 100_000)]
        worker = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(chance.randint(1, 9))]
        time.sleep(chance.random() / 50)
        os.kill(worker.pid, signal.SIGKILL)
        said += worker.stdout.read().splitlines()
        worker.wait()
        worker.stdout.close()
        for line in (one.split() for one in said if len(one.split()) == 2):
            (kept if line[0] == "kept" else erased).add(int(line[1]))
        vault = open_vault()
        found = [one.place for one in vault.of_request(REQUEST.hash)]
        assert all(found.count(one) == 2 for one in found)
        unsure.add(max(kept))  # it may have been erased and not have told so
        assert kept - set(found) - erased <= unsure
        assert not erased & set(found)
        gone = vault.untold()
        assert len(gone) % 2 == 0
        assert len(gone) >= 2 * len(erased)
        data = raw(tmp_path)
        assert not [one for one in gone if one * 2 in data]
        vault.close()
    assert len(kept) > 5
    assert erased
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
