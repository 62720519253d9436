"""The seven rules on pandas' data frames: read everything, join everything, group."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from card_day import NEEDED, Day, Flags

from tallyward.records.schema import KM_PER_DEGREE


def prepare(day: Day) -> Callable[[], Flags]:
    """All rules upon one joined frame."""

    def run() -> Flags:
        profiles = pd.concat([pd.read_parquet(path) for path in day.profile_files])
        r = pd.concat([pd.read_parquet(file, columns=list(NEEDED)) for file in day.files]).merge(profiles, on="card_id")
        flags = {
            "R1": r.card_id[_own(r, "mode", 9) == 0],
            "R2": _off_list(day, r),
            "R3": _roaming(day, r),
            "R4": _separated(r),
            "R5": _moving(day, r),
            "R6": _over_limits(r),
            "R7": r.card_id[r.rn_active == 0],
        }
        return {(int(card), rule) for rule, cards in flags.items() for card in np.unique(cards)}

    return run


def _own(r: Any, what: str, otherwise: int) -> Any:  # noqa: ANN401  data frames' columns, here and below
    """Mode or list of the service that each record used."""
    services = ("data", "sms", "voice")
    return np.select([r.svc == at for at in range(3)], [r[f"{name}_{what}"] for name in services], otherwise)


def _off_list(day: Day, r: Any) -> Any:  # noqa: ANN401
    """Cards with a directed record whose peer no entry of the list covers."""
    entries = {name: column.to_numpy() for name, column in zip(*_columns(day), strict=True)}
    lists = _own(r, "list", 0)
    directed = (_own(r, "mode", 9) == 1) & (lists != 0) & (r.peer != 0)
    card, peer, own = (np.asarray(column)[directed] for column in (r.card_id, r.peer, lists))
    covered = np.zeros(len(card), bool)
    for number in np.unique(own):
        mine = np.flatnonzero(own == number)
        for at in np.flatnonzero(entries["list_id"] == number):
            covered[mine] |= (peer[mine] >= entries["low"][at]) & (peer[mine] <= entries["high"][at])
    return card[~covered]


def _columns(day: Day) -> tuple[list[str], list[Any]]:
    entries = day.entries()
    return entries.column_names, entries.columns


def _roaming(day: Day, r: Any) -> Any:  # noqa: ANN401
    prone = pd.read_parquet(day.profiles.areas).query("fraud_prone")["area"]
    return r.card_id[r.area.isin(prone) & (r.roam_ok == 0) & (r.home_area != 0) & (r.area != r.home_area)]


def _separated(r: Any) -> Any:  # noqa: ANN401
    strange = r[(r.imei != 0) & (r.imei != r.imei_bound)]
    crowd = strange.groupby("imei").card_id.nunique()
    boxed = strange.imei.isin(crowd.index[crowd >= 8]) | (strange.imei_bound != 0)
    imeis = r[r.imei != 0].groupby("card_id").agg(n=("imei", "nunique"), limit=("max_imeis", "first"))
    return np.concatenate([strange.card_id[boxed], imeis.index[imeis.n > imeis.limit.fillna(3)]])


def _moving(day: Day, r: Any) -> Any:  # noqa: ANN401
    cells = pd.read_parquet(day.profiles.cells)
    f = r[(r.fixed == 1) & (r.cell != 0)].merge(cells[["cell", "lat", "lon"]], on="cell", how="left")
    g = f.groupby("card_id").agg(
        n=("cell", "nunique"), limit=("max_cells", "first"), a=("lat", "min"), b=("lat", "max"),
        c=("lon", "min"), d=("lon", "max"),
    )  # fmt: skip
    east = (g.d - g.c) * KM_PER_DEGREE * np.cos(np.radians((g.a + g.b) / 2))
    span = np.fmax((g.b - g.a) * KM_PER_DEGREE, east)
    return g.index[(g.n > g.limit.fillna(4)) | (span > 50)]


def _over_limits(r: Any) -> Any:  # noqa: ANN401
    r["bytes"] = r.up.astype("int64") + r.dn
    u = r.groupby("card_id").agg(
        used=("bytes", "sum"),
        day=("day_bytes", "first"),
        month=("month_bytes", "first"),
        most=("max_peers", "first"),
    )
    peers = r[r.peer != 0].groupby("card_id").peer.nunique().reindex(u.index, fill_value=0)
    over = (u.used > u.day.fillna(2147483648)) | (u.used > u.month.fillna(32212254720))
    return u.index[over | (peers > u.most.fillna(64))]
