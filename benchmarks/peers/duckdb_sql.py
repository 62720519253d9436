"""The seven rules as an analyst writes them for DuckDB, in one query."""

from collections.abc import Callable

from card_day import Day, Flags

from peers.duckdb_rules import BOX, EACH, SPAN, connect

_SQL = f"""WITH off AS ({EACH["R2"]}), box AS ({BOX} HAVING count(DISTINCT card_id) >= 8), a AS (
    SELECT card_id,
        bool_or((svc = 0 AND data_mode = 0) OR (svc = 1 AND sms_mode = 0) OR (svc = 2 AND voice_mode = 0)) AS r1,
        bool_or(card_id IN (FROM off)) AS r2,
        bool_or(fraud_prone AND roam_ok = 0 AND home_area <> 0 AND area <> home_area) AS r3,
        bool_or(imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound) OR (imei_bound = 0 AND imei IN (FROM box))))
            OR count(DISTINCT imei) FILTER (imei <> 0) > any_value(coalesce(max_imeis, 3)) AS r4,
        any_value(fixed) = 1 AND (count(DISTINCT r.cell) FILTER (r.cell <> 0) > any_value(coalesce(max_cells, 4))
            OR {SPAN} > 50) AS r5,
        sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(day_bytes, 2147483648))
            OR sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(month_bytes, 32212254720))
            OR count(DISTINCT peer) FILTER (peer <> 0) > any_value(coalesce(max_peers, 64)) AS r6,
        any_value(rn_active) = 0 AS r7
    FROM r JOIN p USING (card_id) LEFT JOIN area USING (area) LEFT JOIN cell ON cell.cell = r.cell GROUP BY card_id)
    SELECT card_id, unnest([{", ".join(f"CASE WHEN r{n} THEN 'R{n}' END" for n in range(1, 8))}]) AS rule FROM a
    WHERE r1 OR r2 OR r3 OR r4 OR r5 OR r6 OR r7"""


def prepare(day: Day) -> Callable[[], Flags]:
    """All rules at once."""
    engine = connect(day)
    return lambda: {(card, rule) for card, rule in engine.execute(_SQL).fetchall() if rule}
