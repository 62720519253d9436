import struct
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records import message_block
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.issues import RefusalError
from tallyward.records.message_block import MOST_BYTES, blocks, read_block
from tallyward.records.schema import USAGE
from tests.records.making import usage_rows


def texts(rows: int) -> pa.Table:
    return pa.table({name: pa.array([f"{name}{row % 7}" for row in range(rows)]) for name in COLUMNS})


@pytest.mark.parametrize("table", [usage_rows(60_000), texts(100), texts(1), texts(100).to_pandas()], ids=str)
def test_rows_come_back_as_they_were(table: pa.Table) -> None:
    table = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table)
    sent = list(blocks(table))
    assert all(len(block) <= MOST_BYTES for block in sent)
    assert pa.concat_tables(map(read_block, sent)).equals(table)
    assert list(blocks(table.slice(0, 0))) == []


def test_dictionaries_are_read_as_well() -> None:
    coded = pa.table({name: texts(50)[name].dictionary_encode() for name in COLUMNS})
    (block,) = blocks(coded)
    assert read_block(block).to_pylist() == texts(50).to_pylist()


def test_a_small_message_that_claims_much_is_refused_unread() -> None:
    zeros = pa.table({f.name: np.zeros(3_000_000, f.type.to_pandas_dtype()) for f in USAGE})
    bomb = message_block._pack(zeros)
    assert len(bomb) < 20_000
    began = time.process_time()
    with pytest.raises(RefusalError, match=r"records\.block_too_large"):
        read_block(bomb)
    assert time.process_time() - began < 1
    words = pa.table({name: pa.array(["x" * 6_000_000] * 2).dictionary_encode() for name in COLUMNS})
    with pytest.raises(RefusalError, match=r"records\.block_too_large"):
        read_block(message_block._pack(words))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "records.not_a_block"),
        (b"\0" * 100, "records.not_a_block"),
        (b"not arrow at all", "records.not_a_block"),
        (b"x" * (MOST_BYTES + 1), "records.block_too_large"),
        (message_block._pack(pa.table({"a": [1]})), "records.missing_columns"),
        (message_block._pack(texts(100))[:-200], "records.not_a_block"),
    ],
    ids=["empty", "zeros", "text", "large", "columns", "cut"],
)
def test_what_is_no_block_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(RefusalError) as refused:
        read_block(data)
    assert refused.value.code == code


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_block_is_read_or_refused_and_nothing_else(at: int, bytes_: bytes) -> None:
    block = bytearray(message_block._pack(usage_rows(50)))
    place = at % len(block)
    block[place : place + len(bytes_)] = bytes_[: len(block) - place]
    try:
        read_block(bytes(block))
    except RefusalError:
        return


def test_a_row_that_fits_no_message_is_refused_by_its_sender() -> None:
    noise = np.random.default_rng(1).bytes(MOST_BYTES).hex()
    with pytest.raises(RefusalError, match=r"records\.block_too_large"):
        list(blocks(texts(3).set_column(0, "imsi", pa.array([noise] * 3))))
    assert struct.calcsize("<q") == 8
