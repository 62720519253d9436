"""The seven rules as lazy Polars frames, collected by its streaming engine."""

import os
from collections.abc import Callable

from card_day import NEEDED, THREADS, Day, Flags

os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # read once, at import

import polars as pl

from tallyward.records.schema import KM_PER_DEGREE

SERVICES = ("data", "sms", "voice")


def _own(what: str, otherwise: int) -> pl.Expr:
    """Mode or list of the service that a record used."""
    chosen = pl.when(pl.col("svc") == 0).then(f"data_{what}").when(pl.col("svc") == 1).then(f"sms_{what}")
    return chosen.when(pl.col("svc") == 2).then(f"voice_{what}").otherwise(otherwise)


def _off_list(day: Day, r: pl.LazyFrame) -> pl.LazyFrame:
    """Cards with a directed record whose peer no entry of the list covers."""
    entries = pl.from_arrow(day.entries())
    assert isinstance(entries, pl.DataFrame)
    directed = r.filter(_own("mode", 9) == 1, pl.col("peer") != 0).select("card_id", "peer", list_id=_own("list", 0))
    asked = directed.filter(pl.col("list_id") != 0).unique()
    covered = asked.join(entries.lazy(), on="list_id").filter(pl.col("peer").is_between("low", "high"))
    return asked.join(covered, on=["card_id", "list_id", "peer"], how="anti").select("card_id").unique()


def _boxes(r: pl.LazyFrame) -> pl.LazyFrame:
    """Terminals with eight or more cards that are not bound to them."""
    strange = r.filter(pl.col("imei") != 0, pl.col("imei") != pl.col("imei_bound"))
    return strange.group_by("imei").agg(n=pl.col("card_id").n_unique()).filter(pl.col("n") >= 8)


def _span() -> pl.Expr:
    lat, lon = pl.col("lat"), pl.col("lon")
    east = (lon.max() - lon.min()) * KM_PER_DEGREE * ((lat.max() + lat.min()) / 2).radians().cos()
    return pl.max_horizontal((lat.max() - lat.min()) * KM_PER_DEGREE, east)


def _different(name: str, limit: str, otherwise: int) -> pl.Expr:
    """More different values than the card's limit, absent ones left out."""
    most = pl.col(limit).first().fill_null(otherwise)
    return pl.col(name).filter(pl.col(name) != 0).n_unique() > most


def _of_cards(r: pl.LazyFrame) -> pl.LazyFrame:
    """One row a card: which rules it breaks, R2 left out."""
    bound, used = pl.col("imei_bound"), (pl.col("up").cast(pl.Int64) + pl.col("dn").cast(pl.Int64)).sum()
    away = (pl.col("roam_ok") == 0) & (pl.col("home_area") != 0) & (pl.col("area") != pl.col("home_area"))
    strange = (pl.col("imei") != 0) & (((bound != 0) & (pl.col("imei") != bound)) | ((bound == 0) & pl.col("boxed")))
    return r.group_by("card_id").agg(
        R1=(_own("mode", 9) == 0).any(),
        R3=(pl.col("fraud_prone") & away).any(),
        R4=strange.any() | _different("imei", "max_imeis", 3),
        R5=(pl.col("fixed").first() == 1) & (_different("cell", "max_cells", 4) | (_span() > 50).fill_null(False)),
        R6=(used > pl.col("day_bytes").first().fill_null(2147483648))
        | (used > pl.col("month_bytes").first().fill_null(32212254720))
        | _different("peer", "max_peers", 64),
        R7=pl.col("rn_active").first() == 0,
    )


def prepare(day: Day) -> Callable[[], Flags]:
    """All rules in one collection, so that common parts are read once where the engine sees them."""
    profiles, areas, cells = (
        pl.scan_parquet(name) for name in (day.profile_files, day.profiles.areas, day.profiles.cells)
    )

    def run() -> Flags:
        r = pl.scan_parquet(day.files).select(NEEDED).join(profiles, on="card_id")
        boxed = _boxes(r).select("imei", boxed=pl.lit(True))
        whole = r.join(boxed, on="imei", how="left").with_columns(pl.col("boxed").fill_null(False))
        whole = whole.join(areas.select("area", "fraud_prone"), on="area", how="left")
        whole = whole.join(cells.select("cell", "lat", "lon"), on="cell", how="left")
        names = ["R1", "R3", "R4", "R5", "R6", "R7"]
        cards = _of_cards(whole).filter(pl.any_horizontal(names))
        broken, off = pl.collect_all([cards, _off_list(day, r)], engine="streaming")
        found = {(card, "R2") for card in off["card_id"]}
        return found | {(card, rule) for rule in names for card in broken.filter(pl.col(rule))["card_id"]}

    return run
