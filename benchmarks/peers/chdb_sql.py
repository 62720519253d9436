"""The seven rules in ClickHouse's SQL, by chdb, which runs inside the process."""

from collections.abc import Callable

import chdb
import pyarrow.parquet as pq
from card_day import THREADS, Day, Flags

from tallyward.records.schema import KM_PER_DEGREE

_MODE = "multiIf(svc = 0, data_mode, svc = 1, sms_mode, svc = 2, voice_mode, 9)"
_LIST = "multiIf(svc = 0, data_list, svc = 1, sms_list, svc = 2, voice_list, 0)"
_SPAN = f"""greatest((max(lat) - min(lat)) * {KM_PER_DEGREE},
    (max(lon) - min(lon)) * {KM_PER_DEGREE} * cos(radians((max(lat) + min(lat)) / 2)))"""


def _sql(day: Day) -> str:
    entries = day.folder / "entries.parquet"
    pq.write_table(day.entries(), entries)
    r, p = f"file('{day.folder}/segment-*.parquet', Parquet)", f"file('{day.folder}/profiles-*.parquet', Parquet)"
    return f"""WITH
    off AS (SELECT DISTINCT card_id FROM (
        SELECT card_id, list_id, peer, countIf(peer BETWEEN low AND high) AS covered FROM (
            SELECT DISTINCT card_id, {_LIST} AS list_id, peer FROM {r} AS r JOIN {p} AS p USING (card_id)
            WHERE {_MODE} = 1 AND list_id <> 0 AND peer <> 0) AS d
        LEFT JOIN file('{entries}', Parquet) AS e USING (list_id) GROUP BY card_id, list_id, peer) WHERE covered = 0),
    box AS (SELECT imei FROM {r} AS r JOIN {p} AS p USING (card_id) WHERE imei <> 0 AND imei <> imei_bound
        GROUP BY imei HAVING uniqExact(card_id) >= 8),
    a AS (SELECT card_id,
        max({_MODE} = 0) AS R1,
        max(card_id IN (SELECT card_id FROM off)) AS R2,
        max(ifNull(fraud_prone, false) AND roam_ok = 0 AND home_area <> 0 AND r.area <> home_area) AS R3,
        max(imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound)
                OR (imei_bound = 0 AND imei IN (SELECT imei FROM box))))
            OR uniqExactIf(imei, imei <> 0) > any(ifNull(max_imeis, 3)) AS R4,
        any(fixed) = 1 AND (uniqExactIf(r.cell, r.cell <> 0) > any(ifNull(max_cells, 4))
            OR ifNull({_SPAN} > 50, 0)) AS R5,
        sum(toInt64(up) + toInt64(dn)) > any(ifNull(day_bytes, 2147483648))
            OR sum(toInt64(up) + toInt64(dn)) > any(ifNull(month_bytes, 32212254720))
            OR uniqExactIf(peer, peer <> 0) > any(ifNull(max_peers, 64)) AS R6,
        any(rn_active) = 0 AS R7
        FROM {r} AS r JOIN {p} AS p USING (card_id)
        LEFT JOIN (SELECT area, fraud_prone FROM file('{day.profiles.areas}', Parquet)) AS area ON area.area = r.area
        LEFT JOIN (SELECT cell, lat, lon FROM file('{day.profiles.cells}', Parquet)) AS cell ON cell.cell = r.cell
        GROUP BY card_id)
    SELECT card_id, R1, R2, R3, R4, R5, R6, R7 FROM a WHERE R1 OR R2 OR R3 OR R4 OR R5 OR R6 OR R7
    SETTINGS max_threads = {THREADS}, max_memory_usage = {day.memory_mb * 1_000_000}, join_use_nulls = 1"""


def prepare(day: Day) -> Callable[[], Flags]:
    """All rules in one query."""
    sql = _sql(day)

    def run() -> Flags:
        found = chdb.query(sql, "ArrowTable").to_pylist()
        return {(row["card_id"], name) for row in found for name, broken in row.items() if name != "card_id" and broken}

    return run
