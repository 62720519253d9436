from datetime import UTC, datetime
from typing import Any

import pytest

from tallyward.records.attribute import attribute
from tallyward.records.cell_memory import CellMemory
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.delimited import decode_lines
from tallyward.records.decode.issues import Issues
from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, USAGE, PeerTag, Quality, SubscriberTag
from tallyward.records.words import Words
from tests.records.making import CARD, IMSI, line, small_registry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def no_words(*_: object) -> list[Any]:
    return []


def records_of(*lines: str, words: Words | None = None) -> list[dict[str, int]]:
    observed = decode_lines(COLUMNS, "\n".join(lines).encode(), 2, 0, Issues())
    words, directory = words or Words(no_words), small_registry()
    usage = attribute(observed, directory, words, CellMemory(directory, words), 17, NOON)
    assert usage.schema == USAGE
    found: list[dict[str, int]] = usage.to_pylist()
    return found


def test_a_known_card_in_a_known_cell() -> None:
    (row,) = records_of(line())
    assert (row["card_id"], row["cell"], row["area"], row["gx"], row["gy"], row["src"]) == (CARD, 5, 3, 11, 12, 17)
    assert (row["stranger"], row["quality"]) == (0, 0)


def test_an_unknown_card_keeps_the_number_it_was_seen_with() -> None:
    imsi, msisdn, iccid = records_of(
        line(imsi="460009999999999"),
        line(imsi="", msisdn="8619999999999"),
        line(imsi="", iccid="898600A1234567890124"),
    )
    assert [row["card_id"] for row in (imsi, msisdn, iccid)] == [0, 0, 0]
    assert all(row["quality"] == Quality.UNKNOWN_CARD for row in (imsi, msisdn, iccid))
    assert imsi["stranger"] == (SubscriberTag.IMSI << TAG_SHIFT) | 460009999999999
    assert msisdn["stranger"] == (SubscriberTag.MSISDN << TAG_SHIFT) | 8619999999999
    assert iccid["stranger"] == (SubscriberTag.ICCID << TAG_SHIFT) | 1


def test_each_number_finds_its_card_and_the_imsi_comes_first() -> None:
    rows = records_of(
        line(imsi="", msisdn="+8614412345678"),
        line(imsi="", iccid="898600a1234567890123"),
        line(imsi="460009999999999", msisdn="8614412345678"),
        line(imsi=str(IMSI), msisdn="8619999999999"),
    )
    assert [row["card_id"] for row in rows] == [8, 9, 0, CARD]


def test_unknown_cells_get_ids_of_their_own_and_the_area_of_their_network() -> None:
    rows = records_of(
        line(cell="460-00-10-21"),
        line(cell="460-00-10-22", plmn=""),
        line(cell="460-00-10-21"),
        line(cell="", plmn="23415"),
    )
    assert [row["cell"] for row in rows] == [UNKNOWN_CELL_BASE, UNKNOWN_CELL_BASE + 1, UNKNOWN_CELL_BASE, 0]
    assert [row["area"] for row in rows] == [1, 1, 1, 9]
    assert [row["plmn"] for row in rows] == [460000, 460000, 460000, 234015]
    assert [row["quality"] for row in rows] == [Quality.UNKNOWN_CELL] * 3 + [0]


def test_a_record_without_any_place_has_none() -> None:
    (row,) = records_of(line(cell="", plmn=""))
    assert (row["cell"], row["area"], row["plmn"], row["gx"]) == (0, 0, 0, 0)


def test_words_among_peers_are_numbered_each_kind_by_itself() -> None:
    words = Words(no_words)
    rows = records_of(line(peer="b.apn"), line(peer="2001:db8::1"), line(peer="a.apn"), line(peer="B.APN"), words=words)
    assert [row["peer"] >> TAG_SHIFT for row in rows] == [PeerTag.APN, PeerTag.IPV6, PeerTag.APN, PeerTag.APN]
    ids = [row["peer"] & 0xFFFF for row in rows]
    assert ids[0] == ids[3] != ids[2]
    assert ids[1] == 1


@pytest.mark.parametrize(("day", "late"), [("2026-02-27T23:59:59Z", True), ("2026-02-28T00:00:00Z", False)])
def test_records_of_a_day_before_yesterday_are_late(day: str, late: bool) -> None:
    (row,) = records_of(line(start_time=day))
    assert bool(row["quality"] & Quality.LATE) is late


def test_no_record_is_dropped_whatever_is_unknown() -> None:
    lines = [line(imsi=str(IMSI + n), cell=f"460-00-1-{n}", peer=f"p{n}.apn") for n in range(50)]
    assert len(records_of(*lines)) == 50
