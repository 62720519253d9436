"""The seven rules in Spark SQL, on a local session with as many cores as the others have."""

import os
from collections.abc import Callable

from card_day import THREADS, Day, Flags
from pyspark.sql import SparkSession
from pyspark.sql.types import ByteType, IntegerType, LongType, ShortType, StructType

from tallyward.records.schema import KM_PER_DEGREE

_MODE = "CASE svc WHEN 0 THEN data_mode WHEN 1 THEN sms_mode WHEN 2 THEN voice_mode END"
_LIST = "CASE svc WHEN 0 THEN data_list WHEN 1 THEN sms_list WHEN 2 THEN voice_list END"
_SPAN = f"""greatest((max(lat) - min(lat)) * {KM_PER_DEGREE},
    (max(lon) - min(lon)) * {KM_PER_DEGREE} * cos(radians((max(lat) + min(lat)) / 2)))"""
SQL = f"""WITH j AS (SELECT * FROM r JOIN p USING (card_id)),
    off AS (SELECT DISTINCT card_id FROM (
        SELECT DISTINCT card_id, {_LIST} AS list_id, peer FROM j WHERE {_MODE} = 1 AND peer <> 0) d
        LEFT ANTI JOIN entry ON entry.list_id = d.list_id AND d.peer BETWEEN low AND high WHERE d.list_id <> 0),
    box AS (SELECT imei AS boxed FROM j WHERE imei <> 0 AND imei <> imei_bound
        GROUP BY imei HAVING count(DISTINCT card_id) >= 8),
    a AS (SELECT card_id,
        bool_or({_MODE} = 0) AS R1,
        bool_or(fraud_prone AND roam_ok = 0 AND home_area <> 0 AND j.area <> home_area) AS R3,
        bool_or(imei <> 0 AND ((imei_bound <> 0 AND imei <> imei_bound) OR (imei_bound = 0 AND boxed IS NOT NULL)))
            OR size(collect_set(nullif(imei, 0))) > any_value(coalesce(max_imeis, 3)) AS R4,
        any_value(fixed) = 1 AND (size(collect_set(nullif(j.cell, 0))) > any_value(coalesce(max_cells, 4))
            OR {_SPAN} > 50) AS R5,
        sum(up + dn) > any_value(coalesce(day_bytes, 2147483648))
            OR sum(up + dn) > any_value(coalesce(month_bytes, 32212254720))
            OR size(collect_set(nullif(peer, 0))) > any_value(coalesce(max_peers, 64)) AS R6,
        any_value(rn_active) = 0 AS R7
        FROM j LEFT JOIN box ON boxed = imei LEFT JOIN area ON area.area = j.area LEFT JOIN cell ON cell.cell = j.cell
        GROUP BY card_id)
    SELECT card_id, rule FROM a LATERAL VIEW stack(6, 'R1', R1, 'R3', R3, 'R4', R4, 'R5', R5, 'R6', R6, 'R7', R7) s
        AS rule, broken WHERE broken
    UNION ALL SELECT card_id, 'R2' FROM off"""


def _session(day: Day) -> SparkSession:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.memory": f"{day.memory_mb}m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(day.folder.absolute() / "spilled-spark"),
        "spark.sql.shuffle.partitions": str(4 * THREADS),
        "spark.sql.warehouse.dir": str(day.folder.absolute() / "spark"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(f"local[{THREADS}]").appName("tallyward benchmark")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _narrow(schema: StructType) -> StructType:
    """Unsigned 64-bit columns as long: as decimals, which Spark takes them for, they cost it twice the time."""
    for field in schema:
        if not isinstance(field.dataType, ByteType | ShortType | IntegerType | LongType):
            field.dataType = LongType() if field.dataType.typeName() == "decimal" else field.dataType
    return schema


def prepare(day: Day) -> Callable[[], Flags]:
    """All rules in one query."""
    spark = _session(day)
    tables = {"r": day.files, "p": day.profile_files}
    tables |= {"area": [str(day.profiles.areas)], "cell": [str(day.profiles.cells)]}
    for name, files in tables.items():
        schema = _narrow(spark.read.parquet(*files).schema)
        spark.read.schema(schema).parquet(*files).createOrReplaceTempView(name)
    entries = [tuple(row.values()) for row in day.entries().to_pylist()]
    spark.createDataFrame(entries, "list_id long, low long, high long").createOrReplaceTempView("entry")
    return lambda: {(row.card_id, row.rule) for row in spark.sql(SQL).collect()}
