"""The manifest's tables and the statements upon them.

`STEPS` grows with each change of the tables: step n brings a manifest from form n-1 to form n, and is never changed.
"""

from typing import Final

_FIRST: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', 0);
CREATE TABLE source (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, operator INTEGER NOT NULL, format TEXT, added TEXT NOT NULL,
  last_at TEXT, files INTEGER NOT NULL DEFAULT 0, records INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, newest_ts INTEGER
);
CREATE TABLE intake (
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, offset TEXT NOT NULL, name TEXT NOT NULL,
  format TEXT NOT NULL, at TEXT NOT NULL, records INTEGER NOT NULL, refused INTEGER NOT NULL,
  first_ts INTEGER, last_ts INTEGER, quarantined INTEGER NOT NULL,
  unknown_cards INTEGER NOT NULL, unknown_cells INTEGER NOT NULL,
  UNIQUE (source, offset)
);
CREATE TABLE segment (
  id INTEGER PRIMARY KEY, intake INTEGER NOT NULL REFERENCES intake, day TEXT NOT NULL, bucket INTEGER NOT NULL,
  path TEXT NOT NULL UNIQUE, rows INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL,
  sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, schema INTEGER NOT NULL, added INTEGER NOT NULL
);
CREATE INDEX segment_day ON segment (day, bucket);
CREATE INDEX segment_added ON segment (added, day, bucket);
CREATE TABLE hour (hour INTEGER PRIMARY KEY, records INTEGER NOT NULL);
CREATE TABLE word (
  kind TEXT, id INTEGER, text TEXT NOT NULL, PRIMARY KEY (kind, id), UNIQUE (kind, text)
) WITHOUT ROWID;
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY, intake INTEGER NOT NULL REFERENCES intake, source INTEGER NOT NULL, record INTEGER,
  offset INTEGER, tag_path TEXT NOT NULL, field TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
  sample BLOB NOT NULL
);
CREATE INDEX quarantine_source ON quarantine (source, id);
"""
_CONTINUOUS_INTAKE: Final = """
ALTER TABLE source ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN out_of_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN out_of_order INTEGER NOT NULL DEFAULT 0;
INSERT INTO meta SELECT 'segments', coalesce(max(id), 0) FROM segment;
CREATE TABLE retired (path TEXT PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE span (
  source INTEGER NOT NULL REFERENCES source, stream TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (source, stream, first)
) WITHOUT ROWID;
"""
"""`segments` is the highest segment id ever given: none is given twice, for SQLite would give that of a segment that is
gone again, and what is remembered of it would be taken for the new one. `retired`: files that no segment row names any
more, kept a while for those who read them. `span`: the sequences of a stream that are in, without gaps from `first` to
`last`."""
_SESSIONS: Final = """
CREATE TABLE life (
  name BLOB NOT NULL, begun INTEGER NOT NULL, at INTEGER NOT NULL, dur INTEGER NOT NULL, up INTEGER NOT NULL,
  dn INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (name, begun)
) WITHOUT ROWID;
INSERT INTO meta VALUES ('lives_seen', 0), ('lives_from', 0);
"""
"""`life`: what was counted of a session (records/sessions.py); `seen` is the day since the epoch on which it was last
heard of. `lives_seen` is the newest such day, `lives_from` the first that is kept."""
STEPS: Final = (_FIRST, _CONTINUOUS_INTAKE, _SESSIONS)

ADD_INTAKE: Final = """
INSERT INTO intake (id, source, offset, name, format, at, records, refused, first_ts, last_ts, quarantined,
                    unknown_cards, unknown_cells, duplicates, late, out_of_order)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_SEGMENT: Final = """
INSERT INTO segment (id, intake, day, bucket, path, rows, min_ts, max_ts, sha256, bytes, schema, added)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_HOUR: Final = """
INSERT INTO hour VALUES (?, ?) ON CONFLICT (hour) DO UPDATE SET records = records + excluded.records
"""
ADD_QUARANTINE: Final = """
INSERT INTO quarantine (intake, source, record, offset, tag_path, field, code, detail, sample)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SEGMENT_COLUMNS: Final = "id, path, day, bucket, rows, min_ts, max_ts, sha256"
INTAKE_COLUMNS: Final = (
    "id, name, format, records, refused, first_ts, last_ts, quarantined, unknown_cards, unknown_cells, "
    "duplicates, late, out_of_order"
)
SOURCES: Final = """
SELECT id, name, operator, format, last_at, files, records, refused, quarantined, newest_ts, duplicates, late,
  out_of_order
FROM source WHERE ?1 IS NULL OR id = ?1 ORDER BY name
"""
COUNT_INTAKE: Final = """
UPDATE source SET last_at = ?2, files = files + 1, records = records + ?3, refused = refused + ?4,
  quarantined = quarantined + ?5, newest_ts = max(coalesce(newest_ts, ?6), coalesce(?6, newest_ts)),
  duplicates = duplicates + ?7, late = late + ?8, out_of_order = out_of_order + ?9
WHERE id = ?1
"""
CHANGED: Final = """
SELECT DISTINCT day, bucket FROM segment INDEXED BY segment_added WHERE added > ? ORDER BY day, bucket
"""
REFUSED: Final = """
SELECT coalesce(sum(refused), 0) FROM intake
WHERE refused > 0 AND ((first_ts < ?2 AND last_ts >= ?1) OR (first_ts IS NULL AND substr(at, 1, 10) = ?3))
"""
QUARANTINE: Final = """
SELECT q.id, q.source, q.intake, i.name, q.record, q.offset, q.tag_path, q.field, q.code, q.detail, i.at, q.sample
FROM quarantine q JOIN intake i ON i.id = q.intake
WHERE (?1 IS NULL OR q.source = ?1) AND q.id < ?2
ORDER BY q.id DESC LIMIT ?3
"""
