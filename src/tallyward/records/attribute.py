"""Observed rows become usage records: the registry says whose card and which cell, the dictionaries number the words.

No row is ever dropped here: an unknown card keeps its number in `stranger`, an unknown cell gets an id of its own, and
the quality flags say so. The card is looked up by the first number the record carries, in the order IMSI, MSISDN,
ICCID: a record of an unknown IMSI is unknown even where its MSISDN is somebody's. Pure.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.kernel.clock import SECONDS_PER_DAY, day_start
from tallyward.records.cell_memory import CellMemory, Places
from tallyward.records.directory_port import U32, U64, Directory
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, USAGE, PeerTag, Quality, SubscriberTag
from tallyward.records.words import WordKind, Words

_TAG: Final = np.uint64(TAG_SHIFT)


def attribute(
    rows: pa.Table, directory: Directory, words: Words, cells: CellMemory, intake: int, now: datetime
) -> pa.Table:
    """Usage records of observed rows, in their order. Records of a day before yesterday are marked late."""
    quality = rows["quality"].to_numpy().astype(np.uint16)
    card, stranger = _cards(rows, directory, words)
    quality[card == 0] |= np.uint16(Quality.UNKNOWN_CARD)
    places, plmn = _cells(rows["cell"], rows["plmn"].to_numpy(), directory, cells)
    quality[places.cell >= np.uint32(UNKNOWN_CELL_BASE)] |= np.uint16(Quality.UNKNOWN_CELL)
    ts = rows["ts"].to_numpy()
    quality[ts < day_start(now.date()) - SECONDS_PER_DAY] |= np.uint16(Quality.LATE)
    found = {
        **{name: rows[name].to_numpy() for name in ("ts", "dur", "svc", "imei", "up", "dn", "rat")},
        "card_id": card,
        "peer": _peers(rows, words),
        **places._asdict(),
        "plmn": plmn,
        "stranger": stranger,
        "src": np.full(len(card), intake, np.uint32),
        "quality": quality,
    }
    return pa.table([found[field.name] for field in USAGE], schema=USAGE)


def _cards(rows: pa.Table, directory: Directory, words: Words) -> tuple[U32, U64]:
    imsi, msisdn = rows["imsi"].to_numpy(), rows["msisdn"].to_numpy()
    card: U32 = np.zeros(len(imsi), np.uint32)
    stranger: U64 = np.zeros(len(imsi), np.uint64)
    has_imsi = imsi > 0
    by_msisdn = ~has_imsi & (msisdn > 0)
    for mask, digits, find, tag in (
        (has_imsi, imsi, directory.cards_by_imsi, SubscriberTag.IMSI),
        (by_msisdn, msisdn, directory.cards_by_msisdn, SubscriberTag.MSISDN),
    ):
        if mask.any():
            chosen = digits if mask.all() else digits[mask]
            card[mask] = _in_order(find, chosen)
            stranger[mask] = chosen | (np.uint64(tag) << _TAG)
    rest = ~has_imsi & ~by_msisdn
    if rest.any():
        card[rest], stranger[rest] = _by_iccid(rows["iccid"], rest, directory, words)
    stranger[card > 0] = 0
    return card, stranger


def _in_order(find: Callable[[U64], U32], digits: U64) -> U32:
    """What `find` says of numbers, asked in ascending order: a search in sorted arrays then stays in cache."""
    order = np.argsort(digits)
    found = np.empty(len(digits), np.uint32)
    found[order] = find(digits[order])
    return found


def _by_iccid(column: pa.ChunkedArray, rest: NDArray[np.bool_], directory: Directory, words: Words) -> tuple[U32, U64]:
    coded, places = _coded(column.filter(pa.array(rest)))
    texts = coded.to_pylist()
    cards = directory.cards_by_iccid(texts)
    unknown = [text for text, card in zip(texts, cards, strict=True) if card == 0]
    ids = dict(zip(unknown, words.ids(WordKind.ICCID, unknown), strict=True))
    tag = int(SubscriberTag.ICCID) << TAG_SHIFT
    strangers = np.array([tag | ids.get(text, 0) for text in texts], np.uint64)
    return cards[places], strangers[places]


def _cells(column: pa.ChunkedArray, plmn: U32, directory: Directory, cells: CellMemory) -> tuple[Places, U32]:
    texts, at = _coded(column)
    met = cells.places(texts).with_none()
    plmn = _serving_networks(texts, at, plmn)
    found = Places(met.cell[at], met.area[at], met.gx[at], met.gy[at])
    homeless = found.area == 0
    if homeless.any():
        networks, back = np.unique(plmn[homeless], return_inverse=True)
        found.area[homeless] = directory.area_of_plmn(networks)[back]
    return found, plmn


def _serving_networks(texts: pa.StringArray, places: NDArray[np.int64], plmn: U32) -> U32:
    """The network of the cell's name where the record itself names none."""
    silent = (plmn == 0) & (places >= 0)
    if not silent.any():
        return plmn
    serving = np.zeros(len(texts), np.uint32)
    for place in np.unique(places[silent]):
        serving[place] = _serving(texts[int(place)].as_py())
    found = plmn.copy()
    found[silent] = serving[places[silent]]
    return found


def _serving(cgi: str) -> int:
    """MCC*1000+MNC of a cell's name; 0 where it does not begin with a network."""
    mcc, _, rest = cgi.partition("-")
    mnc = rest.partition("-")[0]
    named = len(mcc) == 3 and mcc.isdigit() and mnc.isdigit()  # noqa: PLR2004 - a TADIG code has five characters
    return int(mcc) * 1000 + int(mnc) if named else 0


def _peers(rows: pa.Table, words: Words) -> U64:
    peer: U64 = rows["peer"].to_numpy().copy()
    coded, places = _coded(rows["peer_word"])
    if not len(coded):
        return peer
    texts = coded.to_pylist()
    held = places >= 0
    ids = np.zeros((2, len(texts)), np.uint64)
    tags = peer >> _TAG
    for row, (tag, kind) in enumerate(((PeerTag.APN, WordKind.APN), (PeerTag.IPV6, WordKind.IPV6))):
        used = np.unique(places[held & (tags == np.uint64(tag))])
        ids[row, used] = words.ids(kind, (texts[place] for place in used))
    peer[held] |= ids[(tags[held] == np.uint64(PeerTag.IPV6)).astype(np.intp), places[held]]
    return peer


def _coded(column: pa.ChunkedArray) -> tuple[pa.StringArray, NDArray[np.int64]]:
    """Different texts of a dictionary column, and for each row its place among them, -1 where null."""
    joined = column.unify_dictionaries().combine_chunks() if column.num_chunks else None
    if joined is None or len(joined) == 0:
        return pa.array([], pa.string()), np.zeros(0, np.int64)
    if isinstance(joined, pa.ChunkedArray):
        joined = pa.concat_arrays(joined.chunks)
    places = pc.fill_null(joined.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    seen = np.zeros(len(joined.dictionary) + 1, np.bool_)
    seen[places] = True
    if seen[:-1].all():
        return joined.dictionary, places
    used = np.flatnonzero(seen[:-1])
    compact = np.full(len(joined.dictionary) + 1, -1, np.int64)
    compact[used] = np.arange(len(used))
    return joined.dictionary.take(pa.array(used)), compact[places]
