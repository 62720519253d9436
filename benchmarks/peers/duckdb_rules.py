"""The seven rules as an analyst writes them for DuckDB, a query each."""

from collections.abc import Callable

import duckdb
from card_day import RULES, THREADS, Day, Flags

from tallyward.records.schema import KM_PER_DEGREE


def connect(day: Day) -> duckdb.DuckDBPyConnection:
    """DuckDB over the day: views r (records) and p (profiles), tables area, cell and entry."""
    engine = duckdb.connect(
        config={
            "threads": THREADS,
            "preserve_insertion_order": False,
            "memory_limit": f"{day.memory_mb}MB",
            "temp_directory": str(day.folder / "spilled-duckdb"),
        }
    )
    engine.execute(f"CREATE VIEW r AS FROM read_parquet({day.files})")
    engine.execute(f"CREATE VIEW p AS FROM read_parquet({day.profile_files})")
    engine.execute(f"CREATE TABLE area AS FROM read_parquet('{day.profiles.areas}')")
    engine.execute(f"CREATE TABLE cell AS FROM read_parquet('{day.profiles.cells}')")
    offered = day.entries()
    engine.register("offered", offered)
    engine.execute("CREATE TABLE entry AS FROM offered")
    return engine


_DIRECTED = " UNION ALL ".join(
    f"SELECT card_id, {name}_list AS list_id, peer FROM r JOIN p USING (card_id) "
    f"WHERE svc = {svc} AND {name}_mode = 1 AND {name}_list <> 0 AND peer <> 0"
    for svc, name in enumerate(("data", "sms", "voice"))
)
BOX = "SELECT imei FROM r JOIN p USING (card_id) WHERE imei <> 0 AND imei <> imei_bound GROUP BY imei"
SPAN = f"""greatest((max(lat) - min(lat)) * {KM_PER_DEGREE},
    (max(lon) - min(lon)) * {KM_PER_DEGREE} * cos(radians((max(lat) + min(lat)) / 2)))"""
EACH = {
    "R1": """SELECT DISTINCT card_id FROM r JOIN p USING (card_id)
        WHERE (svc = 0 AND data_mode = 0) OR (svc = 1 AND sms_mode = 0) OR (svc = 2 AND voice_mode = 0)""",
    "R2": f"""SELECT DISTINCT card_id FROM ({_DIRECTED}) d
        WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.list_id = d.list_id AND d.peer BETWEEN e.low AND e.high)""",
    "R3": """SELECT DISTINCT card_id FROM r JOIN p USING (card_id) JOIN area USING (area)
        WHERE fraud_prone AND roam_ok = 0 AND home_area <> 0 AND area <> home_area""",
    "R4": f"""SELECT DISTINCT card_id FROM r JOIN p USING (card_id)
        WHERE imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound)
            OR (imei_bound = 0 AND imei IN ({BOX} HAVING count(DISTINCT card_id) >= 8)))
        UNION SELECT card_id FROM r JOIN p USING (card_id) WHERE imei <> 0 GROUP BY card_id
            HAVING count(DISTINCT imei) > any_value(coalesce(max_imeis, 3))""",
    "R5": f"""SELECT card_id FROM r JOIN p USING (card_id) LEFT JOIN cell USING (cell)
        WHERE fixed = 1 AND cell <> 0 GROUP BY card_id
        HAVING count(DISTINCT cell) > any_value(coalesce(max_cells, 4)) OR {SPAN} > 50""",
    "R6": """SELECT card_id FROM r JOIN p USING (card_id) GROUP BY card_id
        HAVING sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(day_bytes, 2147483648))
            OR sum(up::BIGINT + dn::BIGINT) > any_value(coalesce(month_bytes, 32212254720))
            OR count(DISTINCT peer) FILTER (peer <> 0) > any_value(coalesce(max_peers, 64))""",
    "R7": "SELECT DISTINCT card_id FROM r JOIN p USING (card_id) WHERE rn_active = 0",
}
"""Each rule alone."""


def prepare(day: Day) -> Callable[[], Flags]:
    """Seven queries, one after the other."""
    engine = connect(day)
    return lambda: {(card, rule) for rule in RULES for (card,) in engine.execute(EACH[rule]).fetchall()}
