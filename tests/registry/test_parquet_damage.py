from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallyward.registry.parquet_damage import DAMAGED


def test_whatever_byte_is_flipped_reading_raises_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    pq.write_table(pa.table({"card": pa.array([1, 2, 3], pa.uint32()), "name": ["a", "b", None]}), path)
    whole = path.read_bytes()
    dice = np.random.default_rng(5)
    refused = 0
    for at in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[at] ^= int(dice.integers(1, 256))
        path.write_bytes(damaged)
        try:
            pq.read_table(path)
        except DAMAGED:
            refused += 1
    assert refused > 20
