"""Records turned back into what people read: one card's day, peers, cells, numbers of unknown cards."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import CardId, SegmentId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.records import peers
from tallyward.records.directory_port import U32
from tallyward.records.model import RecordView, Snapshot, bucket_of
from tallyward.records.ports import SegmentStore
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, PeerTag, Quality, Service, SubscriberTag
from tallyward.records.words import WordKind, Words
from tallyward.registry.model import PeerKind

_WORD_OF_TAG: Final[dict[int, WordKind]] = {PeerTag.APN: WordKind.APN, PeerTag.IPV6: WordKind.IPV6}
_NOBODY: Final = (1 << TAG_SHIFT) - 1


def card_records(
    snapshot: Snapshot, store: SegmentStore, words: Words, card: CardId, page: PageRequest
) -> Page[RecordView]:
    """One card's records by (ts, segment, row)."""
    rows = []
    for segment in snapshot.bucket(bucket_of(card)):
        table, numbers = store.card_rows(segment, card)
        rows += [((ts, segment.id, int(number)), table, at) for at, (ts, number) in _keyed(table, numbers)]
    rows.sort(key=lambda row: row[0])
    if page.after:
        rows = [row for row in rows if row[0] > page.after]
    shown = rows[: page.limit]
    more = encode_cursor(shown[-1][0]) if len(rows) > page.limit else None
    return Page(tuple(_view(table.slice(at, 1), key, words) for key, table, at in shown), more)


def _keyed(table: pa.Table, numbers: U32) -> list[tuple[int, tuple[int, int]]]:
    return list(enumerate(zip(table["ts"].to_pylist(), numbers, strict=True)))


def _view(table: pa.Table, key: tuple[int, SegmentId, int], words: Words) -> RecordView:
    row = table.to_pylist()[0]
    return RecordView(
        ts=row["ts"],
        duration=row["dur"],
        service=Service(row["svc"]).name.lower(),
        imei=f"{row['imei']:015d}" if row["imei"] else "",
        peer=peer_text(words, row["peer"]),
        bytes_up=row["up"],
        bytes_down=row["dn"],
        cell=row["cell"],
        cell_text=cell_text(words, row["cell"]),
        area=row["area"],
        plmn=row["plmn"],
        rat=row["rat"],
        quality=tuple(flag.name.lower() for flag in Quality if flag.name and row["quality"] & flag),
        intake=row["src"],
        segment=key[1],
        row=key[2],
    )


def peer_codes(words: Words, kind: PeerKind, texts: Sequence[str]) -> list[int]:
    """Codes of peers; new words get ids."""
    values = [_canonical(kind, text) for text in texts]
    if kind is PeerKind.APN:
        return _worded(PeerTag.APN, words.ids(WordKind.APN, map(str, values)))
    if kind is PeerKind.IPV6:
        return _worded(PeerTag.IPV6, words.ids(WordKind.IPV6, map(str, values)))
    return [int(value) for value in values]


def known_peer_codes(words: Words, kind: PeerKind, texts: Sequence[str]) -> list[int]:
    """Codes of peers without giving out ids: a word that no record has yet gets a code that none can have."""
    words.refresh()
    values = [_canonical(kind, text) for text in texts]
    if kind is PeerKind.APN or kind is PeerKind.IPV6:
        tag, word = (PeerTag.APN, WordKind.APN) if kind is PeerKind.APN else (PeerTag.IPV6, WordKind.IPV6)
        found = (words.find(word, str(value)) for value in values)
        return _worded(tag, [_NOBODY - at if number is None else number for at, number in enumerate(found)])
    return [int(value) for value in values]


def _worded(tag: PeerTag, ids: list[int]) -> list[int]:
    return [peers.tagged(tag, number) for number in ids]


def _canonical(kind: PeerKind, text: str) -> int | str:
    read = {
        PeerKind.IPV4: peers.ipv4_code,
        PeerKind.NUMBER: peers.number_code,
        PeerKind.IPV6: peers.ipv6_text,
        PeerKind.APN: peers.apn_text,
    }[kind]
    found = read(text.strip())
    if found is None:
        raise InvalidError("records.peer_form", kind=kind.value, value=text[:100])
    return found


def peer_text(words: Words, code: int) -> str:
    """A peer as people write it."""
    kind = _WORD_OF_TAG.get(code >> TAG_SHIFT)
    return peers.peer_text(code, words.text(kind, peers.word_id(code)) if kind else None)


def stranger_text(words: Words, code: int) -> tuple[SubscriberTag, str]:
    """By which kind of number an unknown card was seen, and the number; refuses 0 with `ValueError`."""
    tag, value = SubscriberTag(code >> TAG_SHIFT), peers.word_id(code)
    if tag is SubscriberTag.ICCID:
        return tag, words.text(WordKind.ICCID, value) or f"#{value}"
    return tag, f"{value:015d}" if tag is SubscriberTag.IMSI else str(value)


def cell_text(words: Words, cell: int) -> str:
    """How records named a cell that the registry does not know; empty for the registry's own and for none."""
    return words.text(WordKind.CELL, cell) or f"#{cell}" if cell >= UNKNOWN_CELL_BASE else ""
