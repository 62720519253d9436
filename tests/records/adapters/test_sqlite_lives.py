"""What was counted of sessions in the manifest's file: read, kept, forgotten, and a writer killed again and again."""

import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tallyward.records.adapters.sqlite_lives import MOST_LIVES, keep_lives
from tallyward.records.adapters.sqlite_manifest import SqliteManifest
from tallyward.records.sessions import MOST_OCTETS, Life
from tests.records.adapters import crash_sessions, crash_writer
from tests.records.adapters.test_folder import STEPS, environment
from tests.records.adapters.test_sqlite_manifest import NOW, intake
from tests.records.making import CARD, FAR_CARD, all_rows


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[SqliteManifest]:
    with contextlib.closing(SqliteManifest(tmp_path)) as opened:
        yield opened


def name(number: int) -> bytes:
    return number.to_bytes(1, "big") + bytes(15)


def keep(manifest: SqliteManifest, *lives: tuple[bytes, Life], days: int = 0) -> None:
    with manifest._file.writing() as db:
        keep_lives(db, lives, NOW + timedelta(days=days))


def test_lives_are_kept_with_their_intake_and_read_by_name_and_time(manifest: SqliteManifest) -> None:
    early, late = Life(100, 200, 100, 1, 2), Life(500, 900, 400, MOST_OCTETS, 0)
    one = intake(manifest, "a")
    one.lives = [(name(1), early), (name(1), late), (name(2), early)]
    manifest.commit(one)
    assert manifest.lives([(name(1), 0, 1000), (name(2), 0, 1000), (name(3), 0, 1000)]) == {
        name(1): [early, late],
        name(2): [early],
    }
    assert manifest.lives([(name(1), 201, 1000)]) == {name(1): [late]}
    assert manifest.lives([(name(1), 0, 499)]) == {name(1): [early]}
    assert manifest.lives([(name(2), 300, 400)]) == {}
    keep(manifest, (name(2), early._replace(at=350)), (name(2), Life(0, 7, 0, 3, 3)))
    assert manifest.lives([(name(2), 300, 400)]) == {name(2): [Life(0, 7, 0, 3, 3), early._replace(at=350)]}


def test_a_commit_that_fails_keeps_no_lives(manifest: SqliteManifest) -> None:
    one = intake(manifest, "a")
    one.lives, one.segments = [(name(1), Life(100, 200, 100, 1, 2))], one.segments * 2
    with pytest.raises(Exception, match=r"records\."):
        manifest.commit(one)
    assert manifest.lives([(name(1), 0, 1000)]) == {}


def test_of_a_name_that_all_sessions_have_the_newest_lives_are_looked_at(manifest: SqliteManifest) -> None:
    keep(manifest, *((name(1), Life(begun, begun + 5, 5, 1, 1)) for begun in range(1, 200)))
    found = manifest.lives([(name(1), 0, 1000)])[name(1)]
    assert [life.begun for life in found] == list(range(200 - MOST_LIVES, 200))


def test_sessions_that_are_silent_too_long_are_forgotten(manifest: SqliteManifest) -> None:
    assert manifest.forget_lives(7) == 0, "none was ever heard of"
    life = Life(100, 200, 100, 1, 2)
    every = [(name(number), life) for number in range(256)]
    keep(manifest, *every)
    keep(manifest, (name(0), life), (name(255), life), days=3)
    assert manifest.forget_lives(3) == 0
    assert manifest.forget_lives(2) == 254
    assert set(manifest.lives((one, 0, 1000) for one, _ in every)) == {name(0), name(255)}
    assert manifest.forget_lives(2) == 0


def test_nothing_is_forgotten_while_no_accounting_comes(manifest: SqliteManifest) -> None:
    keep(manifest, (name(1), Life(100, 200, 100, 1, 2)))
    for day in range(1, 40):
        later = intake(manifest, f"{day}")
        later.at = NOW + timedelta(days=day)
        manifest.commit(later)
    assert manifest.forget_lives(1) == 0


def test_lives_are_read_and_kept_in_many_parts(manifest: SqliteManifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.records.adapters.sqlite_lives._AT_ONCE", 3)
    every = {name(number): Life(100 + number, 200 + number, 100, number, 2) for number in range(10)}
    keep(manifest, *every.items())
    found = manifest.lives((one, 0, 1000) for one in reversed([*every, name(77)]))
    assert {one: lives[0] for one, lives in found.items()} == every


def used(folder: Path) -> tuple[dict[int, tuple[int, int, int]], int]:
    """((octets up, octets down, seconds) of each card in the store, files that were taken)."""
    service = crash_writer.open_it(folder)
    try:
        assert service.upkeep.verify().faults == ()
        rows = all_rows(service)
        found = {}
        for card in (CARD, FAR_CARD):
            mine = rows.filter(np.equal(rows["card_id"].to_numpy(), card))
            found[card] = tuple(int(np.sum(mine[of].to_numpy().astype(np.int64))) for of in ("up", "dn", "dur"))
        return found, sum(source.files for source in service.sources())  # type: ignore[return-value]
    finally:
        service.close()


@pytest.mark.slow
def test_kill_9_at_each_step_counts_no_octet_twice_and_loses_none(tmp_path: Path) -> None:
    folder, chance, highest = tmp_path / "records", random.Random(17), -1
    plan = [(step, nth) for step, nth in zip([*STEPS, "sessions_kept", "committed"], [1, 3] * 5, strict=True)]
    plan += [("sessions_kept", 4), ("before_commit", 4), *[("", 0)] * 6]
    for step, nth in plan:
        command = [sys.executable, crash_sessions.__file__, str(folder), *((step, str(nth)) if step else ())]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as child:
            assert child.stdout is not None
            if not step:
                highest = max(highest, int(child.stdout.readline()))
                time.sleep(chance.uniform(0.05, 0.3))
                child.kill()
            told = [int(said) for said in child.stdout if said.endswith("\n")]
            assert child.wait(60) == -signal.SIGKILL, f"not killed at {step} {nth}"
        highest = max([highest, *told])
        found, _ = used(folder)
        unit = (crash_sessions.UP, crash_sessions.DOWN, crash_sessions.SECONDS)
        near, far = (tuple(one // of for one, of in zip(found[card], unit, strict=True)) for card in (CARD, FAR_CARD))
        files = far[0] // (crash_sessions.SESSIONS // 2)  # as many as were taken, told or not
        assert far == (files * crash_sessions.SESSIONS // 2,) * 3
        assert near == (files * (crash_sessions.SESSIONS // 2 + crash_sessions.ONCE),) * 3
        assert highest + 1 <= files <= highest + 2
    assert highest > 10
