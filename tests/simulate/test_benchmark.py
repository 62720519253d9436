from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.records.schema import TAG_SHIFT, PeerTag
from tallyward.simulate import benchmark
from tallyward.simulate.benchmark import BenchmarkData
from tests.simulate.naive_rules import verdicts


def _peer(code: int) -> str:
    tag, value = code >> TAG_SHIFT, code & ((1 << TAG_SHIFT) - 1)
    if tag == PeerTag.IPV4:
        return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
    return str(value) if tag == PeerTag.NUMBER else ""


def judged(data: BenchmarkData) -> dict[str, set[int]]:
    snapshot = data.profile_snapshot
    usage = pa.concat_tables([pq.read_table(path) for _, path, _ in data.segments]).to_pandas()
    records = pd.DataFrame(
        {
            "card_id": usage.card_id,
            "service": usage.svc.map({0: "data", 1: "sms", 2: "voice"}),
            "imei": usage.imei,
            "peer": usage.peer.map(_peer),
            "bytes": usage.up.astype("int64") + usage.dn.astype("int64"),
            "cell": usage.cell,
            "area": usage.area,
        }
    )
    profiles = pa.concat_tables([pq.read_table(path) for path in snapshot.profiles.values()]).to_pandas()
    lists: dict[int, list[tuple[str, str]]] = {}
    for row in pq.read_table(snapshot.list_entries).to_pylist():
        lists.setdefault(row["list_id"], []).append((row["kind"], row["text"]))
    fraud = {row["area"] for row in pq.read_table(snapshot.areas).to_pylist() if row["fraud_prone"]}
    places = {row["cell"]: (row["lat"], row["lon"]) for row in pq.read_table(snapshot.cells).to_pylist()}
    return verdicts(records, profiles, lists, fraud, places)


@pytest.mark.parametrize(("cards", "seed"), [(150, 1), (200, 2), (2_000, 3), (4_000, 4)])
def test_naive_rules_find_exactly_what_was_planted(tmp_path: Path, cards: int, seed: int) -> None:
    data = benchmark.write(tmp_path, cards, seed)
    found = judged(data)
    truth: dict[str, set[int]] = {}
    for row in data.truth_flags.to_pylist():
        truth.setdefault(row["rule"], set()).add(row["card_id"])
    assert found == truth
    assert min(len(hits) for hits in found.values()) >= 3
