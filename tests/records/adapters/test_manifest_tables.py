import contextlib
import re
import sqlite3

from tallyward.records.adapters import manifest_tables as sql


def test_every_statement_fits_the_tables() -> None:
    statements = [
        sql.ADD_INTAKE,
        sql.ADD_SEGMENT,
        sql.ADD_HOUR,
        sql.ADD_QUARANTINE,
        sql.SOURCES,
        sql.COUNT_INTAKE,
        sql.CHANGED,
    ]
    statements += [
        sql.QUARANTINE,
        f"SELECT {sql.SEGMENT_COLUMNS} FROM segment",
        f"SELECT {sql.INTAKE_COLUMNS} FROM intake",
    ]
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.executescript("".join(sql.STEPS))
        for statement in statements:
            blanks = len(set(re.findall(r"\?\d+", statement))) or statement.count("?")
            db.execute(f"EXPLAIN {statement}", [None] * blanks)


def test_the_lists_of_a_page_are_read_by_index() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.executescript("".join(sql.STEPS))
        plan = db.execute("EXPLAIN QUERY PLAN SELECT * FROM segment WHERE day = '2026-03-01'").fetchall()
        assert "segment_day" in plan[0][3]
        plan = db.execute(f"EXPLAIN QUERY PLAN {sql.CHANGED}", (5,)).fetchall()
        assert "COVERING INDEX segment_added" in plan[0][3]
