"""Ready-made usage records, taken as they are but for their intake number and quality flags. Pure."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.records.decode.issues import refuse
from tallyward.records.peers import word_id
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, USAGE, PeerTag, Quality, SubscriberTag
from tallyward.records.words import WordKind, Words


def adopt(rows: pa.Table, words: Words, intake: int, late_before: int = 0) -> pa.Table:
    """The rows with `src` set; refuses an id that is in none of our dictionaries: its text would be lost.

    Records before `late_before`, UTC seconds, are marked late.
    """
    columns = {name: rows[name].to_numpy() for name in USAGE.names}
    _check_words(columns["peer"], PeerTag.APN, "peer", words.top(WordKind.APN))
    _check_words(columns["peer"], PeerTag.IPV6, "peer", words.top(WordKind.IPV6))
    _check_words(columns["stranger"], SubscriberTag.ICCID, "stranger", words.top(WordKind.ICCID))
    cell = columns["cell"]
    highest = int(cell.max(initial=0))
    if highest > max(words.top(WordKind.CELL), UNKNOWN_CELL_BASE - 1):
        raise refuse("records.usage_word", field="cell", detail=str(highest))
    quality = columns["quality"] & np.uint16(~(Quality.UNKNOWN_CARD | Quality.UNKNOWN_CELL | Quality.LATE) & 0xFFFF)
    quality[columns["card_id"] == 0] |= np.uint16(Quality.UNKNOWN_CARD)
    quality[cell >= UNKNOWN_CELL_BASE] |= np.uint16(Quality.UNKNOWN_CELL)
    quality[columns["ts"] < late_before] |= np.uint16(Quality.LATE)
    columns |= {"src": np.full(len(cell), intake, np.uint32), "quality": quality}
    return pa.table([columns[name] for name in USAGE.names], schema=USAGE)


def _check_words(codes: NDArray[np.uint64], tag: PeerTag | SubscriberTag, field: str, top: int) -> None:
    mine = codes[(codes >> np.uint64(TAG_SHIFT)) == np.uint64(tag)]
    highest = word_id(int(mine.max(initial=0)))
    if highest > top or (len(mine) and word_id(int(mine.min())) == 0):
        raise refuse("records.usage_word", field=field, detail=f"{tag.name} {highest}")
